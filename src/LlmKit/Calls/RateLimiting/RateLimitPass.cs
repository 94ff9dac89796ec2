using LlmKit.Internal.RateLimiting;
using LlmKit.Internal.RateLimiting.Waiting;

namespace LlmKit.Calls;

/// <summary>Takes a call, or an attempt on a model, through rate limits: it waits where it may, and records what happened.</summary>
internal static class RateLimitPass
{
    /// <param name="limiter">The limiter.</param>
    /// <param name="call">The call.</param>
    /// <param name="charges">The limits.</param>
    /// <param name="size">The tokens, in the worst case.</param>
    /// <param name="model">The registered model; <see langword="null"/> for limits on callers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RateLimitExceededException">A limit refused.</exception>
    public static ValueTask<RatePermit> AcquireAsync(
        RateLimiter limiter, LlmCall call, RateCharge[] charges, RateSize size, string? model, CancellationToken cancellationToken)
    {
        var outcome = limiter.Acquire(new(charges, size) { Priority = PriorityOf(call), Patience = call.Remaining });
        foreach (var refusal in outcome.Observed ?? [])
            Refuse(call, refusal, model);
        return outcome.Waiter is { } waiter ? WaitAsync(waiter, call, model, cancellationToken) : new(PermitOf(outcome, call, model));
    }

    private static async ValueTask<RatePermit> WaitAsync(RateWaiter waiter, LlmCall call, string? model, CancellationToken cancellationToken)
    {
        var reason = waiter.Refusal;
        var began = call.Time.GetTimestamp();
        call.AddStep(new RateLimitStep("waited", reason.Rule.Name, reason.Kind, model));
        RateLimitTelemetry.BeginsToWait(reason);
        try
        {
            return PermitOf(await waiter.WaitAsync(cancellationToken).ConfigureAwait(false), call, model);
        }
        finally
        {
            RateLimitTelemetry.Waited(reason, call.Time.GetElapsedTime(began));
        }
    }

    private static RatePermit PermitOf(in RateOutcome outcome, LlmCall call, string? model)
    {
        if (outcome.Permit is { } permit)
            return permit;
        Refuse(call, outcome.Refusal!, model);
        throw new RateLimitExceededException(outcome.Refusal!, model);
    }

    private static void Refuse(LlmCall call, RateRefusal refusal, string? model)
    {
        RateLimitTelemetry.Refused(refusal, observed: !refusal.Rule.Enforce);
        call.AddStep(new RateLimitStep("refused", refusal.Rule.Name, refusal.Kind, model) { Observed = !refusal.Rule.Enforce });
    }

    /// <summary>A call that serves another is as urgent as that.</summary>
    private static LlmPriority PriorityOf(LlmCall call) => call.Parent is { } parent ? PriorityOf(parent) : call.Terms.Priority;
}
