using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Internal.RateLimiting.Waiting;

/// <summary>A request that waits, and what becomes of it.</summary>
/// <remarks>It belongs to its limiter, which locks it. Nothing that waits for it runs inside the lock.</remarks>
internal sealed class RateWaiter(RateLimiter limiter, in RateRequest request, RateRank rank, long givesUpAt)
{
    private readonly TaskCompletionSource<RateOutcome> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RateRequest Request { get; } = request;

    public RateRank Rank { get; } = rank;

    /// <summary>Gets when it has waited for long enough, in milliseconds of the limiter.</summary>
    public long GivesUpAt { get; } = givesUpAt;

    /// <summary>Gets or sets why it waits.</summary>
    public required RateRefusal Refusal { get; set; }

    /// <summary>Gets or sets when it fits, in milliseconds of the limiter; in the past when that depends on others.</summary>
    public long FitsAt { get; set; }

    /// <summary>Gets or sets the account at which it waits; <see langword="null"/> when it waits no more.</summary>
    public RateAccount? At { get; set; }

    /// <summary>Waits for the end: it has passed, or is refused.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; it waits no more.</exception>
    public async ValueTask<RateOutcome> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((RateWaiter)state!).Cancel(token), this);
        return await _end.Task.ConfigureAwait(false);
    }

    public void End(in RateOutcome outcome) => _end.TrySetResult(outcome);

    public void End(Exception exception) => _end.TrySetException(exception);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (limiter.Forget(this))
            _end.TrySetCanceled(cancellationToken);
    }
}
