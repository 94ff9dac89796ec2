using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>What a stream goes on with.</summary>
internal readonly record struct RouterTurn
{
    /// <summary>Gets whose stream it is.</summary>
    public RouteCandidate Candidate { get; init; }

    /// <summary>Gets an answer that is there as a whole; <see langword="null"/> where one streams.</summary>
    public ChatResponse? Whole { get; init; }

    /// <summary>Gets the stream; <see langword="null"/> where the answer is there.</summary>
    public StreamOpening? Opening { get; init; }

    /// <summary>Gets what the stream's attempt holds until it is read.</summary>
    public IDisposable? Leg { get; init; }

    /// <summary>Gets whether what streams has yet to be accepted.</summary>
    public bool IsDraft { get; init; }
}
