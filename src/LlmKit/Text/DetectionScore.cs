namespace LlmKit.Text;

/// <summary>How sure a rule is that a span is what it takes it for.</summary>
public enum DetectionScore
{
    /// <summary>The shape fits, and much else has that shape.</summary>
    Low,

    /// <summary>The shape is telling, or a weak shape stands behind a word that explains it.</summary>
    Medium,

    /// <summary>A checksum, a reserved prefix or a strict grammar confirms it.</summary>
    High,
}
