namespace LlmKit.Simulator.Wire;

/// <summary>A request that the wire format does not allow; it becomes status 400.</summary>
internal sealed class WireException(string message) : Exception(message);
