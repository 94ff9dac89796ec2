using LlmKit.Internal.Hedging;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Hedging;

/// <summary>What all calls of one model share.</summary>
/// <param name="Client">The model's client.</param>
/// <param name="Name">Its name in steps and metrics.</param>
/// <param name="Traffic">What was seen of its calls.</param>
internal sealed record HedgedModel(IChatClient Client, string Name, HedgeTraffic Traffic);
