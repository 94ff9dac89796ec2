using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>One registered model with the stages after the router, as a router sees it.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Client">The outermost of the stages that belong to the model.</param>
/// <param name="Model">The model's facts, by snapshot.</param>
internal sealed record ModelBranch(string Name, IChatClient Client, StageSettings<Model> Model);
