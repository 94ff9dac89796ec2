using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Ends a stream that has shown no content when it should have.</summary>
internal sealed class FirstContentClock : IDisposable
{
    private const int Waiting = 0;
    private const int Seen = 1;
    private const int Passed = 2;

    private readonly LlmCall _call;
    private readonly CancellationTokenSource _cancel;
    private readonly ITimer _timer;
    private int _state;

    private FirstContentClock(LlmCall call, TimeSpan limit, CancellationTokenSource cancel)
    {
        (_call, Limit, _cancel) = (call, limit, cancel);
        _timer = call.Time.CreateTimer(static clock => ((FirstContentClock)clock!).Pass(), this, limit, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Limit { get; }

    public bool HasPassed => Volatile.Read(ref _state) == Passed;

    /// <summary>Starts the clock of a stream, where there is a limit that a timer can hold.</summary>
    public static FirstContentClock? Start(LlmCall call, TimeSpan? limit, CancellationTokenSource cancel) =>
        limit is { } length && length <= Deadline.LongestTimer ? new(call, length, cancel) : null;

    /// <summary>Looks whether an update brings the first content.</summary>
    /// <returns>Whether it does, in time.</returns>
    public bool Look(ChatResponseUpdate update)
    {
        if (_state != Waiting || !FirstContent.IsIn(update) || Interlocked.CompareExchange(ref _state, Seen, Waiting) != Waiting)
            return false;
        _timer.Dispose();
        return true;
    }

    public void Dispose() => _timer.Dispose();

    private void Pass()
    {
        if (Interlocked.CompareExchange(ref _state, Passed, Waiting) != Waiting)
            return;
        try
        {
            _call.NoteExpired(_cancel.Token);
            _cancel.Cancel();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // The stream ended meanwhile, or somebody's callback failed: nobody waits for this any more.
        }
    }
}
