using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Drafts;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Asks a policy for each attempt of a request, and holds it to the candidates that it was given.</summary>
internal sealed class PolicyAsker(RoutingPolicy policy, SeededChance chance, LlmCall call, RequestFacts request)
{
    private RoutingPolicy _policy = policy;
    private string[] _drafted = [];
    private DraftStep? _rejected;

    /// <summary>Gets the decision that holds now; <see langword="null"/> before the first.</summary>
    public RoutingDecision? Decision { get; private set; }

    /// <summary>Asks another policy from now on.</summary>
    public void TurnTo(RoutingPolicy policy) => (_policy, Decision, _drafted, _rejected) = (policy, null, [], null);

    /// <summary>Notes whose draft was not accepted and why: the next decision is made by it, and was one between this draft and another model's answer.</summary>
    public void Escalated(string model, DraftCheck? check, DraftVerdict verdict) =>
        (_drafted, _rejected) = ([.. _drafted, model], new($"escalated by {check?.Name}", verdict.Score, verdict.Threshold));

    /// <summary>Gives the decision among candidates that have passed the gates; a policy that fails has the first of them asked.</summary>
    public RoutingDecision Ask(ModelCandidate[] candidates)
    {
        var (name, version, choice) = ChooseUnder(new(call, request, candidates, chance.Draw()));
        var isForced = ((request.Options as LlmCallOptions)?.Model ?? request.Options?.ModelId) is not null;
        var rejected = _rejected;
        _rejected = null;
        return Decision = new(
            $"{call.Id}.{call.CountDecision()}",
            name,
            version,
            choice.Model,
            isForced ? "pinned" : rejected?.Reason ?? choice.Reason,
            isForced ? 1 : choice.Propensity,
            NamesOf(candidates))
        {
            IsForced = isForced || choice.IsForced,
            Score = rejected?.Score ?? choice.Score,
            Threshold = rejected?.Threshold ?? choice.Threshold,
        };
    }

    /// <summary>A policy may be taught anew meanwhile: then it chooses once more, so that the name and version on record are those that chose.</summary>
    private (string Name, string Version, RoutingChoice Choice) ChooseUnder(RoutingRequest context)
    {
        var (name, version) = (_policy.Name, _policy.Version);
        var choice = Choose(context);
        return _policy.Version == version ? (name, version, choice) : (_policy.Name, _policy.Version, Choose(context));
    }

    private RoutingChoice Choose(RoutingRequest context)
    {
        try
        {
            var choice = _policy.Choose(context);
            return choice.Model is not null && context.Find(choice.Model) is not null && choice.Propensity is > 0 and <= 1
                ? choice
                : First("the policy chose no candidate, or with no probability");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return First($"the policy failed: {exception.GetType().Name}");
        }

        RoutingChoice First(string reason) => new(context.Candidates[0].Name, reason) { IsForced = true };
    }

    private string[] NamesOf(ModelCandidate[] candidates)
    {
        var names = Array.ConvertAll(candidates, candidate => candidate.Name);
        return _drafted.Length == 0 ? names : [.. _drafted, .. names];
    }

    private sealed record DraftStep(string Reason, double? Score, double? Threshold);
}
