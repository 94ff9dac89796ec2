using LlmKit.Testing;

namespace LlmKit.Integration.Tests.AspNetCore;

/// <summary>A clock that stands still and says when somebody waits on it.</summary>
internal sealed class WatchedTime : TimeProvider
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first timer runs.</summary>
    public Task WhenWaitedOn => _waited.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public override long TimestampFrequency => _time.TimestampFrequency;

    public void Advance(TimeSpan time) => _time.Advance(time);

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _time.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
            _waited.TrySetResult();
        return timer;
    }
}
