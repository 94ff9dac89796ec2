namespace LlmKit.Text;

/// <summary>Settings of a <see cref="TextRedactor"/>, read once when it is made.</summary>
public sealed class TextRedactorOptions
{
    /// <summary>The least value of <see cref="MaxHoldback"/>.</summary>
    public const int LeastMaxHoldback = 128;

    /// <summary>The least score at which a match is redacted.</summary>
    /// <value>Default: <see cref="DetectionScore.Medium"/>.</value>
    public DetectionScore MinScore { get; set; } = DetectionScore.Medium;

    /// <summary>What stands in the place of a redacted span.</summary>
    /// <value>Default: <see cref="RedactionStyle.Label"/>.</value>
    public RedactionStyle Style { get; set; } = RedactionStyle.Label;

    /// <summary>The most characters that a stream holds back while a candidate is undecided.</summary>
    /// <value>128 or more characters; default: 1,024, which no built-in detector needs for a single candidate.</value>
    public int MaxHoldback { get; set; } = 1024;

    /// <summary>What a stream does when <see cref="MaxHoldback"/> is reached.</summary>
    /// <value>Default: <see cref="HoldbackOverflow.Redact"/>.</value>
    public HoldbackOverflow OnOverflow { get; set; } = HoldbackOverflow.Redact;
}
