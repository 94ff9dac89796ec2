namespace LlmKit.Control.Caching;

/// <summary>What a question asks for. None agrees with everything.</summary>
[Flags]
internal enum QuestionKinds : ushort
{
    None = 0,
    Who = 1,
    When = 2,
    Where = 4,
    Why = 8,
    HowMany = 16,
    HowMuch = 32,

    /// <summary>How something is done.</summary>
    HowTo = 64,

    /// <summary>Whether something is so.</summary>
    Whether = 128,

    /// <summary>What something is, and nothing else of it.</summary>
    Definition = 256,

    /// <summary>How something was done.</summary>
    HowDone = 512,
}
