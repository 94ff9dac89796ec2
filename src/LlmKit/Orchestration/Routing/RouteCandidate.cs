using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>A model that a router may choose.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Client">The client.</param>
/// <param name="Model">The model's facts.</param>
internal sealed record RouteCandidate(string Name, IChatClient Client, StageSettings<Model> Model);
