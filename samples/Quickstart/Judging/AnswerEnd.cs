namespace Quickstart;

/// <summary>How an answer ended, as the caller saw it.</summary>
internal enum AnswerEnd
{
    /// <summary>With a finish reason that says that it is complete.</summary>
    Complete,

    /// <summary>With a finish reason that says that the limit of tokens cut it.</summary>
    Length,

    /// <summary>With a finish reason that says that the model or the provider filtered it.</summary>
    ContentFiltered,

    /// <summary>Without a finish reason and without an error.</summary>
    Silent,

    /// <summary>With an exception, be it before or after the first word.</summary>
    Failed,

    /// <summary>Refused by a budget or a limit of the pipeline.</summary>
    Refused,

    /// <summary>Blocked by a guardrail of the pipeline.</summary>
    Blocked,
}
