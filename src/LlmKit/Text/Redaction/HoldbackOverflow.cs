namespace LlmKit.Text;

/// <summary>What a stream does when an undecided candidate has reached the longest hold.</summary>
public enum HoldbackOverflow
{
    /// <summary>The held text and what follows it up to the next white space is redacted.</summary>
    Redact,

    /// <summary>Nothing more is released on this stream; <see cref="Streaming.StreamRedactor.IsBlocked"/> tells.</summary>
    Block,

    /// <summary>The held text is released as it stands, found matches redacted. A match that was still growing leaks.</summary>
    Release,
}
