using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Polly;

namespace LlmKit.Execution.Resilience;

/// <summary>One call's time with one model: decides after each failure whether and when to try again.</summary>
/// <remarks>Used by one call at a time. Polly repeats and waits; every decision is made here.</remarks>
internal abstract class ResilienceRun(ResilientModel model, ResiliencePolicy policy, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
{
    /// <summary>Why a retry is not made when the model's budget has none left.</summary>
    public const string RetriesUsedUp = "the model's retry budget is used up";

    private static readonly ResiliencePropertyKey<ResilienceRun> Key = new("llmkit.run");

    /// <summary>Gets when the run began.</summary>
    protected long Started { get; } = model.Time.GetTimestamp();

    /// <summary>Gets the wait before the next retry.</summary>
    public TimeSpan Wait => Setbacks?.Wait ?? default;

    /// <summary>Gets what went wrong so far; <see langword="null"/> while nothing did.</summary>
    protected Setbacks? Setbacks { get; private set; }

    /// <summary>Gets the limit on one attempt.</summary>
    protected abstract (TimeLimit Limit, TimeSpan? Length) AttemptLimit { get; }

    protected ResilientModel Model => model;

    protected ResiliencePolicy Policy => policy;

    protected ChatOptions Options => options;

    protected LlmCall Call => call;

    protected CancellationToken CallerToken => cancellationToken;

    /// <summary>Gets what remains of the total limit; <see langword="null"/> for no limit.</summary>
    protected TimeSpan? TotalLeft => policy.TotalTimeout - model.Time.GetElapsedTime(Started);

    public static ResilienceRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Decides what a failed attempt leads to.</summary>
    /// <param name="exception">What the attempt ended with; <see langword="null"/> when it gave an answer.</param>
    /// <param name="retriesMade">The retries made so far.</param>
    public bool ShouldRetry(Exception? exception, int retriesMade)
    {
        if (exception is null || Setbacks is not { } setbacks)
            return false;
        setbacks.Failure = null;
        if (exception is AttemptRefusedException || cancellationToken.IsCancellationRequested)
            return false;
        if (exception.GetModelFailure() is not { IsTransient: true } failure)
            return false;
        setbacks.Failure = failure;
        setbacks.Wait = policy.Backoff.Next(retriesMade, failure.RetryAfter);
        setbacks.GiveUpReason = WhyNot(retriesMade, failure, setbacks.Wait);
        return setbacks.GiveUpReason is null;
    }

    /// <summary>Starts the clock of an attempt that is being sent: its own limit, or what is left of all attempts' where that is less.</summary>
    public void StartClock(AttemptGuard guard)
    {
        var (limit, length) = AttemptLimit;
        if (TotalLeft is { } total && (length is null || total < length))
            guard.Start(TimeLimit.Total, policy.TotalTimeout!.Value, total);
        else if (length is not null)
            guard.Start(limit, length.Value, length.Value);
    }

    public void OnRetry(int retriesMade)
    {
        var kind = Setbacks!.Failure!.Kind;
        call.AddStep(new ResilienceStep("retry", model.Name, retriesMade + 1) { Kind = kind, Wait = Wait });
        ResilienceTelemetry.Retried(model.Name, kind);
    }

    protected void Attach(ResilienceContext context) => context.Properties.Set(Key, this);

    protected void Note(Exception exception) => (Setbacks ??= new()).Exceptions.Add(exception);

    /// <summary>Notes that a passing failure is not tried again.</summary>
    protected void NoteEnd(int attempts)
    {
        if (Setbacks is not { Failure: { } failure, GiveUpReason: { } reason })
            return;
        call.AddStep(new ResilienceStep("give-up", model.Name, attempts, reason) { Kind = failure.Kind });
        ResilienceTelemetry.GaveUp(model.Name, reason);
    }

    /// <summary>Gives why no retry is made, or <see langword="null"/>. A wait that cannot lead to an answer in time is not begun.</summary>
    private string? WhyNot(int retriesMade, ModelFailure failure, TimeSpan wait)
    {
        if (HedgeMark.IsOn(options))
            return "it was a second attempt beside a slow one, which is not repeated";
        if (retriesMade >= policy.MaxRetries)
            return "no retries are left";
        if (failure.RetryAfter > policy.MaxRetryAfter)
            return "the provider asks for a longer wait than MaxRetryAfter";
        if (wait >= call.Remaining)
            return "the wait does not fit before the call's deadline";
        if (wait >= TotalLeft)
            return "the wait does not fit into TotalTimeout";
        if (policy.Circuit is { ObserveOnly: false } && model.Circuit.RefusesFor() > wait)
            return "the circuit is open for longer than the wait";
        // Asked last: what another rule forbids takes nothing.
        return policy.RetryShare is { } share && !model.Retries.TryTake(share, policy.RetryFloor) ? RetriesUsedUp : null;
    }
}
