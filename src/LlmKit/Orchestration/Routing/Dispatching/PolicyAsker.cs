using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Policies;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Asks a policy for each attempt of a request, and holds it to the candidates that it was given.</summary>
internal sealed class PolicyAsker(RoutingPolicy policy, WeightedChoice chance, LlmCall call, IReadOnlyList<ChatMessage> messages, ChatOptions options, RequestFacts request)
{
    /// <summary>Gets or sets the decision that holds now; <see langword="null"/> before the first, and where a list takes the policy's place.</summary>
    public RoutingDecision? Decision { get; set; }

    /// <summary>Gives the decision among candidates that have passed the gates; a policy that fails has the first of them asked.</summary>
    public RoutingDecision Ask(ModelCandidate[] candidates)
    {
        var (version, choice) = ChooseUnder(new(call, messages, options, request, candidates, chance.Draw()));
        var isForced = ((options as LlmCallOptions)?.Model ?? options.ModelId) is not null;
        return new(
            $"{call.Id}.{call.CountDecision()}",
            policy.Name,
            version,
            choice.Model,
            isForced ? "pinned" : choice.Reason,
            isForced ? 1 : choice.Propensity,
            Array.ConvertAll(candidates, candidate => candidate.Name))
        {
            Score = choice.Score,
            Threshold = choice.Threshold,
        };
    }

    /// <summary>A policy may be taught anew meanwhile: then it chooses once more, so that the version on record is the one that chose.</summary>
    private (string Version, RoutingChoice Choice) ChooseUnder(RoutingRequest context)
    {
        var version = policy.Version;
        var choice = Choose(context);
        return policy.Version == version ? (version, choice) : (policy.Version, Choose(context));
    }

    private RoutingChoice Choose(RoutingRequest context)
    {
        try
        {
            var choice = policy.Choose(context);
            return choice.Model is not null && context.Find(choice.Model) is not null && choice.Propensity is > 0 and <= 1
                ? choice
                : new(context.Candidates[0].Name, "the policy chose no candidate, or with no probability");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new(context.Candidates[0].Name, $"the policy failed: {exception.GetType().Name}");
        }
    }
}
