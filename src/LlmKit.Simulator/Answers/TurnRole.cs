namespace LlmKit.Simulator.Answers;

/// <summary>Who speaks in a message.</summary>
internal enum TurnRole
{
    System,
    User,
    Assistant,
    Tool,
}
