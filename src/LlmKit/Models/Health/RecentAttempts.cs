using LlmKit.Internal;

namespace LlmKit.Models;

/// <summary>How the attempts on one model ended of late, as its door saw them: known of every model, whatever stages stand before it.</summary>
/// <remarks>A failure that says nothing of the model's health, such as a request that it does not take, is not counted. Thread-safe, of fixed size.</remarks>
internal sealed class RecentAttempts(TimeProvider time)
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly TwoCountWindow _window = new(time);

    /// <summary>Counts an attempt that has ended.</summary>
    /// <param name="failure">What it failed with; <see langword="null"/> when it gave an answer.</param>
    /// <param name="ended">The timestamp at which it ended.</param>
    /// <param name="clock">Whose timestamp that is: a call that was opened further out may have another clock.</param>
    public void Note(ModelFailure? failure, long ended, TimeProvider clock)
    {
        if (failure is { IsTransient: false })
            return;
        lock (_lock)
            _window.Add(failure is not null, Watched, ReferenceEquals(clock, time) ? ended : time.GetTimestamp());
    }

    /// <summary>Gives how many attempts of the last 30 seconds counted, and how many of them failed.</summary>
    public (int All, int Failed) Read()
    {
        lock (_lock)
        {
            var (good, failed) = _window.Read();
            return (good + failed, failed);
        }
    }
}
