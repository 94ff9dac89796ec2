using System.Text.Json.Nodes;

namespace LlmKit.Simulator.Wire;

/// <summary>An error as a provider words it.</summary>
internal sealed record WireError(int Status, JsonNode Body);
