using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Who holds what a request refers to: a conversation, files, or reasoning that only its provider can read.</summary>
internal sealed record StateOwner
{
    private static readonly StateOwner Nobody = new() { MayLeave = true };

    private RouteCandidate? Holder { get; init; }

    private RouteCandidate? Reasoner { get; init; }

    /// <summary>Gets whether another model may answer in the place of the first: not where a provider holds state, or nobody knows whose reasoning it is.</summary>
    public bool MayLeave { get; private init; }

    /// <summary>Gets why the model that is chosen is pinned; <see langword="null"/> when it is not.</summary>
    public string? Reason { get; private init; }

    public static StateOwner Of(RequestFacts request, PlannedCandidates planned)
    {
        if (request is { State: null, Reasoning: null })
            return Nobody;
        var holder = request.State is null ? null : planned.IssuerOf(request.State);
        var reasoner = request.Reasoning is null ? null : planned.IssuerOf(request.Reasoning);
        return new()
        {
            Holder = holder,
            Reasoner = reasoner,
            MayLeave = request.State is null && reasoner is not null,
            Reason = request.State is null
                ? (reasoner is null ? "pinned: the history holds reasoning that only its provider can read" : null)
                : "pinned: the request refers to state that its provider holds",
        };
    }

    /// <summary>Gives why a model cannot go on with what another one holds, or <see langword="null"/> when it can.</summary>
    public string? WhyNot(RouteCandidate candidate, Model model, LlmCall call) =>
        Holder is not null && Holder != candidate ? $"the state that the request refers to belongs to the model '{Holder.Name}'"
        : Reasoner is not null && Reasoner != candidate && (model.Provider is null || model.Provider != Reasoner.Model.For(call).Provider)
            ? $"only the provider of the model '{Reasoner.Name}' can read the reasoning in the history"
        : null;
}
