namespace LlmKit.Control.Caching;

/// <summary>What a question asks for. <see cref="Other"/> agrees with every kind.</summary>
internal enum QuestionKind
{
    Other = 0,
    Who,
    When,
    Where,
    Why,
    HowMany,
    HowMuch,
    How,
    YesNo,
}
