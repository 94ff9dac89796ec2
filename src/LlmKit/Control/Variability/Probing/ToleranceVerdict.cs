namespace LlmKit;

/// <summary>How a measured disagreement stands to what is declared to be the most.</summary>
public enum ToleranceVerdict
{
    /// <summary>Nothing is declared, or nothing was measured.</summary>
    None = 0,

    /// <summary>It stays within what is declared, with 95 % confidence.</summary>
    Within,

    /// <summary>Neither is shown: repeat more requests.</summary>
    NotShown,

    /// <summary>It exceeds what is declared, with 95 % confidence: the alarm.</summary>
    Exceeded,
}
