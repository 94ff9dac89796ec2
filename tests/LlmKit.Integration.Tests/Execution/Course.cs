namespace LlmKit.Integration.Tests.Execution;

/// <summary>What a pipeline makes of a fault.</summary>
public enum Course
{
    /// <summary>It is an answer, and nothing has failed.</summary>
    Answer,

    /// <summary>The model is asked again; when that does not help, the next one.</summary>
    Retry,

    /// <summary>The model is not asked again, the next one is.</summary>
    NextModel,

    /// <summary>Nobody is asked again: the request itself is at fault.</summary>
    Throw,

    /// <summary>Nobody is asked again: the caller has seen a part of the answer.</summary>
    ThrowAfterText,
}
