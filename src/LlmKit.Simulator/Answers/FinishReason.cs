namespace LlmKit.Simulator.Answers;

/// <summary>Why an answer ends.</summary>
internal enum FinishReason
{
    Stop,
    Length,
    ToolCall,
    Refused,
    Filtered,
}
