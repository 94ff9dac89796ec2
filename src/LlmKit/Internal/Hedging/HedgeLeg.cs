namespace LlmKit.Internal.Hedging;

/// <summary>One of two attempts that run side by side, with a token of its own.</summary>
/// <typeparam name="T">A whole answer, or the opening of a stream.</typeparam>
/// <param name="Watch">The attempt's token.</param>
/// <param name="Answer">Its end.</param>
internal readonly record struct HedgeLeg<T>(HedgeWatch Watch, Task<T> Answer) : IDisposable
    where T : class
{
    /// <summary>Gets what is let go of with the attempt; <see langword="null"/> for nothing.</summary>
    public IDisposable? Held { get; init; }

    public bool IsGood => Answer.IsCompletedSuccessfully;

    /// <summary>Gets what the attempt ended with instead of an answer.</summary>
    public Exception Failure => Answer.Exception?.InnerException ?? new TaskCanceledException(Answer);

    /// <summary>Waits for the first good answer of two attempts, and leaves the other attempt.</summary>
    /// <returns>The attempt with the answer, or <see langword="null"/> when both have failed.</returns>
    public static async ValueTask<HedgeLeg<T>?> FirstGoodAsync(HedgeLeg<T> first, HedgeLeg<T> second)
    {
        await Task.WhenAny(first.Answer, second.Answer).ConfigureAwait(false);
        var (ended, other) = first.Answer.IsCompleted ? (first, second) : (second, first);
        if (!ended.IsGood)
        {
            await other.EndsAsync().ConfigureAwait(false);
            (ended, other) = (other, ended);
        }

        other.Leave();
        if (ended.IsGood)
            return ended;
        ended.Leave();
        return null;
    }

    /// <summary>Gives the one of two failed attempts that the caller's cancellation ended, or <see langword="null"/>.</summary>
    public static HedgeLeg<T>? Cancelled(HedgeLeg<T> first, HedgeLeg<T> second, CancellationToken callerToken) =>
        !callerToken.IsCancellationRequested ? null
        : first.Failure is OperationCanceledException ? first
        : second.Failure is OperationCanceledException ? second
        : null;

    /// <summary>Waits for the attempt's end, but no longer than a time; throws nothing.</summary>
    public ValueTask<bool> EndsWithinAsync(TimeSpan delay, long started) => Watch.EndsWithinAsync(Answer, delay, started);

    /// <summary>Waits for the attempt's end; throws nothing.</summary>
    public async ValueTask EndsAsync() => await ((Task)Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Cancels the attempt, and lets go of what it holds once it has ended. Nobody waits for it: its edge settles what it cost.</summary>
    public void Leave() => _ = LeaveAsync();

    /// <summary>Lets go of an attempt that has ended, and whose answer has been read.</summary>
    public void Dispose()
    {
        Watch.End();
        Held?.Dispose();
    }

    private async Task LeaveAsync()
    {
        await Watch.CancelAsync().ConfigureAwait(false);
        await EndsAsync().ConfigureAwait(false);
        if (IsGood && await Answer.ConfigureAwait(false) is StreamOpening opening)
            await opening.LeaveAsync().ConfigureAwait(false);
        Dispose();
    }
}
