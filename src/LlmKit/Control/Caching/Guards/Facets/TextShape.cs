namespace LlmKit.Control.Caching;

/// <summary>What is true of a text as a whole.</summary>
[Flags]
internal enum TextShape : byte
{
    None = 0,

    /// <summary>It denies, or denies an odd number of times.</summary>
    Negated = 1,

    /// <summary>It compares its parts, so that their order means nothing.</summary>
    Symmetric = 2,

    /// <summary>What is done stands before who does it: is loved by.</summary>
    Passive = 4,

    /// <summary>It has several sentences.</summary>
    Several = 8,
}
