namespace LlmKit.Calls;

/// <summary>What happened to an answer on its way to the caller, for those who decide whether it may be kept.</summary>
[Flags]
public enum AnswerMarks
{
    /// <summary>The model's own whole answer.</summary>
    None = 0,

    /// <summary>A rail put another answer in its place.</summary>
    Blocked = 1,

    /// <summary>A rail changed it.</summary>
    Rewritten = 2,

    /// <summary>It was repaired by another attempt.</summary>
    Repaired = 4,

    /// <summary>A limit made it shorter than asked for.</summary>
    Shrunk = 8,

    /// <summary>It ended at the output limit or without a finish reason.</summary>
    Truncated = 16,

    /// <summary>A model other than the first choice gave it.</summary>
    Fallback = 32,

    /// <summary>The provider filtered it.</summary>
    Filtered = 64,

    /// <summary>It came from a cache.</summary>
    Cached = 128,

    /// <summary>A cascade's check did not accept it, or a part of what was shown.</summary>
    Unverified = 256,
}
