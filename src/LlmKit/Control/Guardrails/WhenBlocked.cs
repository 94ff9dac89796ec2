namespace LlmKit;

/// <summary>What the caller gets when a rail blocks.</summary>
public enum WhenBlocked
{
    /// <summary>The configured answer, with the finish reason <c>content_filter</c>. The default.</summary>
    Answer = 0,

    /// <summary>A <see cref="GuardrailBlockedException"/>.</summary>
    Throw,
}
