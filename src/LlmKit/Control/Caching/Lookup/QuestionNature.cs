namespace LlmKit.Control.Caching;

/// <summary>What in a question's wording says that its answer is not for everybody, or not for long.</summary>
[Flags]
internal enum QuestionNature
{
    Plain = 0,

    /// <summary>The answer changes by itself: the weather, a price, what is on today.</summary>
    Volatile = 1,

    /// <summary>The answer is about who asks: "where is my order".</summary>
    Personal = 2,
}
