namespace LlmKit.Simulator.Faults;

/// <summary>What goes wrong. The kinds that are HTTP errors stand first.</summary>
public enum FaultKind
{
    /// <summary>HTTP 429, too many requests or tokens.</summary>
    RateLimited,

    /// <summary>The account has no credit left: HTTP 429 <c>insufficient_quota</c> (OpenAI), 400 "credit balance is too low" (Anthropic).</summary>
    QuotaExhausted,

    /// <summary>HTTP 500.</summary>
    ServerError,

    /// <summary>HTTP 503.</summary>
    Unavailable,

    /// <summary>HTTP 529, Anthropic's "overloaded".</summary>
    Overloaded,

    /// <summary>HTTP 401.</summary>
    Unauthorized,

    /// <summary>HTTP 404, no such model or deployment.</summary>
    ModelNotFound,

    /// <summary>HTTP 400, the prompt is longer than the context window.</summary>
    ContextLengthExceeded,

    /// <summary>HTTP 400, the content filter refused the prompt.</summary>
    PromptFiltered,

    /// <summary>The content filter ends the answer: finish reason <c>content_filter</c> (OpenAI), stop reason <c>refusal</c> (Anthropic).</summary>
    AnswerFiltered,

    /// <summary>The headers come late.</summary>
    SlowHeaders,

    /// <summary>The headers come in time, the first content late.</summary>
    SlowFirstContent,

    /// <summary>The answer stops in its middle and goes on later, or never.</summary>
    Stall,

    /// <summary>The connection is reset before the headers.</summary>
    ResetBeforeHeaders,

    /// <summary>The connection is reset in the middle of the answer.</summary>
    Reset,

    /// <summary>The answer ends in its middle as if it were complete: no finish reason, no end mark.</summary>
    EndsEarly,

    /// <summary>The stream holds an error event in its middle, then ends. A plain answer is HTTP 500 instead.</summary>
    ErrorInStream,

    /// <summary>Status 200 and a body, or the first event, that is not JSON.</summary>
    MalformedJson,
}
