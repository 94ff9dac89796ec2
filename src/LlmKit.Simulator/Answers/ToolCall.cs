namespace LlmKit.Simulator.Answers;

/// <summary>A call of a tool, its arguments as canonical JSON.</summary>
internal sealed record ToolCall(string Name, string Arguments);
