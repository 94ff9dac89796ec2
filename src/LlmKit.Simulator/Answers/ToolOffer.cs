namespace LlmKit.Simulator.Answers;

/// <summary>A tool that a request offers, its schema as canonical JSON.</summary>
internal sealed record ToolOffer(string Name, string Description, string Schema);
