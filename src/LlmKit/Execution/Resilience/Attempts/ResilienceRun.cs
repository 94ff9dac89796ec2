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

    /// <summary>Why a retry is not made when the call has had all of its own.</summary>
    protected const string NoRetriesLeft = "no retries are left";

    private static readonly ResiliencePropertyKey<ResilienceRun> Key = new("llmkit.run");

    private bool _isCounted;

    /// <summary>Gets or sets the number of attempts made or refused.</summary>
    protected int Attempts { get; set; }

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


    public static ResilienceRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Decides what a failed attempt leads to.</summary>
    /// <param name="exception">What the attempt ended with; <see langword="null"/> when it gave an answer.</param>
    /// <param name="retriesMade">The retries made so far.</param>
    public bool ShouldRetry(Exception? exception, int retriesMade)
    {
        if (exception is null || Setbacks is not { } setbacks)
            return false;
        setbacks.Failure = null;
        if (PassingFailure(exception) is not { } failure)
            return false;
        setbacks.Failure = failure;
        setbacks.Wait = policy.Backoff.Next(retriesMade, failure.RetryAfter);
        setbacks.GiveUpReason = WhyNot(retriesMade, failure, setbacks.Wait);
        return setbacks.GiveUpReason is null;
    }

    /// <summary>Starts the clock of an attempt that is not sent yet: the limit on all attempts together runs also while it waits.</summary>
    public void StartWaiting(AttemptGuard guard, long now)
    {
        if (TotalLeft(now) is { } left)
            guard.Start(TimeLimit.Total, policy.TotalTimeout!.Value, left, now);
        else
            guard.Stop();
    }

    /// <summary>Starts the clock of an attempt that is being sent: its own limit, or what is left of all attempts' where that is less.</summary>
    public void StartClock(AttemptGuard guard, long now)
    {
        if (!_isCounted && policy.RetryShare is not null)
            model.Retries.CountCall(now);
        _isCounted = true;
        var (limit, length) = AttemptLimit;
        if (length is not null && !(TotalLeft(now) < length))
            guard.Start(limit, length.Value, length.Value, now);
    }

    public void OnRetry(int retriesMade)
    {
        var kind = Setbacks!.Failure!.Kind;
        call.AddStep(new ResilienceStep("retry", model.Name, retriesMade + 1, FailureNames.Of(kind)) { Kind = kind, Wait = Wait });
        ResilienceTelemetry.Retried(model.Name, kind);
    }

    /// <summary>Gives the options for a client that is not the model's door itself: the clock starts, and starts anew when a door further in sends.</summary>
    protected ChatOptions WithClock(AttemptGuard guard)
    {
        guard.Sending(model.Time.GetTimestamp());
        if (!model.HasHiddenDoor || options is not LlmCallOptions || options.Clone() is not LlmCallOptions timed)
            return options;
        timed.Clock = guard;
        return timed;
    }

    protected void Attach(ResilienceContext context) => context.Properties.Set(Key, this);

    protected void Note(Exception exception) => (Setbacks ??= new()).Exceptions.Add(exception);

    /// <summary>Gives the failure that trying again might mend. What came from several attempts was repeated further in: nested layers must not multiply attempts.</summary>
    protected ModelFailure? PassingFailure(Exception exception) =>
        exception is AttemptRefusedException or AttemptsExhaustedException || cancellationToken.IsCancellationRequested ? null
        : exception.GetModelFailure() is { IsTransient: true } failure ? failure
        : null;

    /// <summary>Notes that a passing failure is not tried again.</summary>
    protected void NoteEnd(Exception exception, ModelFailure failure, string reason)
    {
        if (reason == RetriesUsedUp)
            ModelFailures.Record(exception, failure with { IsGivenUp = true });
        call.AddStep(new ResilienceStep("give-up", model.Name, Attempts, reason) { Kind = failure.Kind });
        ResilienceTelemetry.GaveUp(model.Name, reason);
    }

    private TimeSpan? TotalLeft(long now) => policy.TotalTimeout - model.Time.GetElapsedTime(Started, now);

    /// <summary>Gives why no retry is made, or <see langword="null"/>. A wait that cannot lead to an answer in time is not begun.</summary>
    private string? WhyNot(int retriesMade, ModelFailure failure, TimeSpan wait)
    {
        if (HedgeMark.IsOn(options))
            return "it was a second attempt beside a slow one, which is not repeated";
        if (retriesMade >= policy.MaxRetries)
            return NoRetriesLeft;
        if (failure.RetryAfter > policy.MaxRetryAfter)
            return "the provider asks for a longer wait than MaxRetryAfter";
        if (wait >= call.Remaining)
            return "the wait does not fit before the call's deadline";
        if (wait >= TotalLeft(model.Time.GetTimestamp()))
            return "the wait does not fit into TotalTimeout";
        if (policy.Circuit is { ObserveOnly: false } && model.Circuit.RefusesFor() > wait)
            return "the circuit is open for longer than the wait";
        // Asked last: what another rule forbids takes nothing.
        return policy.RetryShare is { } share && !model.Retries.TryTake(share, policy.RetryFloor) ? RetriesUsedUp : null;
    }
}
