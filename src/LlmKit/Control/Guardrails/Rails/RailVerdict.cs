namespace LlmKit.Control.Guardrails;

/// <summary>What a rail says of a text.</summary>
public enum RailVerdict
{
    /// <summary>Nothing was found.</summary>
    Allow = 0,

    /// <summary>Something was found and only noted.</summary>
    Flag,

    /// <summary>What was found was taken out.</summary>
    Redact,

    /// <summary>Another text took its place.</summary>
    Rewrite,

    /// <summary>The request or the answer was stopped.</summary>
    Block,
}
