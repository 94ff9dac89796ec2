using LlmKit.Calls;
using LlmKit.Models;
using Polly;

namespace LlmKit.Execution.Resilience;

/// <summary>One call's time with one model: decides after each failure whether and when to try again.</summary>
/// <remarks>Used by one call at a time. Polly repeats and waits; every decision is made here.</remarks>
internal abstract class ResilienceRun(ResilientModel model, ResiliencePolicy policy, LlmCall call, CancellationToken cancellationToken)
{
    private static readonly ResiliencePropertyKey<ResilienceRun> Key = new("llmkit.run");

    private readonly long _started = model.Time.GetTimestamp();
    private ModelFailure? _failure;
    private string? _reason;

    /// <summary>Gets the wait before the next retry.</summary>
    public TimeSpan Wait { get; private set; }

    protected ResilientModel Model => model;

    protected ResiliencePolicy Policy => policy;

    protected LlmCall Call => call;

    protected CancellationToken CallerToken => cancellationToken;

    /// <summary>Gets what remains of the total limit; <see langword="null"/> for no limit.</summary>
    protected TimeSpan? TotalLeft => policy.TotalTimeout - model.Time.GetElapsedTime(_started);

    public static ResilienceRun Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    /// <summary>Decides what a failed attempt leads to.</summary>
    /// <param name="exception">What the attempt ended with; <see langword="null"/> when it gave an answer.</param>
    /// <param name="retriesMade">The retries made so far.</param>
    public bool ShouldRetry(Exception? exception, int retriesMade)
    {
        _failure = null;
        if (exception is null or AttemptRefusedException || cancellationToken.IsCancellationRequested)
            return false;
        if (exception.GetModelFailure() is not { IsTransient: true } failure)
            return false;
        _failure = failure;
        Wait = policy.Backoff.Next(retriesMade, failure.RetryAfter);
        _reason = WhyNot(retriesMade, failure);
        return _reason is null;
    }

    public void OnRetry(int retriesMade)
    {
        call.AddStep(new ResilienceStep("retry", model.Name, retriesMade + 1) { Kind = _failure!.Kind, Wait = Wait });
        ResilienceTelemetry.Retried(model.Name, _failure.Kind);
    }

    protected void Attach(ResilienceContext context) => context.Properties.Set(Key, this);

    /// <summary>Notes that a passing failure is not tried again.</summary>
    protected void NoteEnd(int attempts)
    {
        if (_failure is not null && _reason is not null)
            call.AddStep(new ResilienceStep("give-up", model.Name, attempts, _reason) { Kind = _failure.Kind });
    }

    /// <summary>Gives why no retry is made, or <see langword="null"/>. A wait that cannot lead to an answer in time is not begun.</summary>
    private string? WhyNot(int retriesMade, ModelFailure failure)
    {
        if (retriesMade >= policy.MaxRetries)
            return "no retries are left";
        if (failure.RetryAfter > policy.MaxRetryAfter)
            return "the provider asks for a longer wait than MaxRetryAfter";
        if (Wait >= call.Remaining)
            return "the wait does not fit before the call's deadline";
        if (Wait >= TotalLeft)
            return "the wait does not fit into TotalTimeout";
        if (policy.Circuit is { ObserveOnly: false } && model.Circuit.RefusesFor() > Wait)
            return "the circuit is open for longer than the wait";
        return null;
    }
}
