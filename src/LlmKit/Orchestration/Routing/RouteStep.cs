using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing;

/// <summary>What a router decided: which model, and why not another.</summary>
/// <param name="Decision"><c>chosen</c>, <c>skipped</c>, <c>fallback</c>, <c>declined</c> (by code), <c>verified</c> (a draft by one check of several), <c>accepted</c> (by the last one), <c>escalated</c> (not accepted, and the next model is asked), <c>unverified</c> (it is the answer all the same), <c>hedged</c> (asked beside a slow one), <c>hedge-won</c> or <c>hedge-lost</c>.</param>
/// <param name="Model">The registered model.</param>
/// <param name="Reason">Why.</param>
public sealed record RouteStep(string Decision, string Model, string? Reason) : CallStep("router", Decision, Reason)
{
    // A policy's decision, or for steps about drafts what the check said: most steps have neither.
    private readonly Grounds? _grounds;

    /// <summary>Gets the policy's decision; <see langword="null"/> where no policy was asked.</summary>
    public RoutingDecision? Routing
    {
        get => _grounds?.Routing;
        init => _grounds = value is null && _grounds is null ? null : (_grounds ?? new()) with { Routing = value };
    }

    /// <summary>Gets the check that gave the verdict on a draft; <see langword="null"/> where it is about something else.</summary>
    public string? Check
    {
        get => _grounds?.Check;
        init => _grounds = (_grounds ?? new()) with { Check = value };
    }

    /// <summary>Gets the score of the draft; <see langword="null"/> where there is none.</summary>
    public double? Score
    {
        get => _grounds?.Score;
        init => _grounds = (_grounds ?? new()) with { Score = value };
    }

    /// <summary>Gets the threshold that the draft's score was held against; <see langword="null"/> where there is none.</summary>
    public double? Threshold
    {
        get => _grounds?.Threshold;
        init => _grounds = (_grounds ?? new()) with { Threshold = value };
    }

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.model", Model));
        if (Check is not null)
            tags.Add(new("llmkit.routing.check", Check));
        if ((Score ?? Routing?.Score) is { } score)
            tags.Add(new("llmkit.routing.score", score));
        if ((Threshold ?? Routing?.Threshold) is { } threshold)
            tags.Add(new("llmkit.routing.threshold", threshold));
        if (Routing is not { } decision)
            return;
        tags.Add(new("llmkit.routing.policy", decision.Policy));
        tags.Add(new("llmkit.routing.policy.version", decision.PolicyVersion));
        tags.Add(new("llmkit.routing.propensity", decision.Propensity));
    }

    private sealed record Grounds(RoutingDecision? Routing = null, string? Check = null, double? Score = null, double? Threshold = null);
}
