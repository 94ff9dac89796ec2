namespace LlmKit.Calls;

/// <summary>The token of one call with a deadline: cancelled by the caller or by the clock.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationToken _callerToken;

    private Deadline(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _callerToken = cancellationToken;
        _source = limit > TimeSpan.Zero ? new(limit, time) : new();
        if (limit <= TimeSpan.Zero)
            _source.Cancel();
        _caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public bool HasPassed => _source.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    public static Deadline? Start(LlmCall call, CancellationToken cancellationToken) =>
        call.TimeLimit is { } limit ? new(limit, call.Time, cancellationToken) : null;

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
