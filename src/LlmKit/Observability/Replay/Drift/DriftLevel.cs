namespace LlmKit.Observability.Replay;

/// <summary>How far an answer is from the recorded one, least first.</summary>
public enum DriftLevel
{
    /// <summary>The same text and the same tool calls.</summary>
    None,

    /// <summary>The same text but for case, white space, closing punctuation and what the cassette's normalisers take out; or the same JSON, differently written.</summary>
    Formatting,

    /// <summary>Other words, or other values in JSON of the same structure.</summary>
    Wording,

    /// <summary>JSON with other members or types of values, or JSON on one side only.</summary>
    Structure,

    /// <summary>Other tools, in another order, or with other arguments.</summary>
    ToolCalls,

    /// <summary>Another finish reason, or a failure on one side only, or another failure.</summary>
    Outcome,

    /// <summary>There is no recording to compare with, or the answer could not be compared.</summary>
    Unrecorded,
}
