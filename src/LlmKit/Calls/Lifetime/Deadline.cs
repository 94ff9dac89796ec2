namespace LlmKit.Calls;

/// <summary>The token of one call with a deadline: cancelled by the caller or by the clock.</summary>
internal sealed class Deadline : IDisposable
{
    // The longest that a timer can be set for; no call lives so long.
    public static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationToken _callerToken;

    private Deadline(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _callerToken = cancellationToken;
        _source = SourceFor(limit, time);
        _caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public bool HasPassed => _source.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    public static Deadline? Start(LlmCall call, CancellationToken cancellationToken) =>
        call.TimeLimit is { } limit ? new(limit, call.Time, cancellationToken) : null;

    /// <summary>Gives a source that is cancelled when a limit has passed: at once for none left, never for one beyond any timer.</summary>
    public static CancellationTokenSource SourceFor(TimeSpan? limit, TimeProvider time)
    {
        if (limit is not { } length || length > LongestTimer)
            return new();
        if (length > TimeSpan.Zero)
            return new(length, time);
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
