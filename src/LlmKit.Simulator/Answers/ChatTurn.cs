namespace LlmKit.Simulator.Answers;

/// <summary>One message of a chat request.</summary>
internal sealed record ChatTurn(TurnRole Role, string Text, IReadOnlyList<ToolCall> ToolCalls, IReadOnlyList<string> ToolResults);
