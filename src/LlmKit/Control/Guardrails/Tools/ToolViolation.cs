namespace LlmKit;

/// <summary>What happens to an answer whose tool call breaks a rule.</summary>
public enum ToolViolation
{
    /// <summary>The answer is blocked. The default.</summary>
    Block = 0,

    /// <summary>The call is taken out of the answer, and the rest is shown.</summary>
    Remove,
}
