namespace LlmKit.Simulator.Faults;

/// <summary>What goes wrong. The kinds that are HTTP errors stand first.</summary>
public enum FaultKind
{
    /// <summary>HTTP 429, too many requests or tokens.</summary>
    RateLimited,

    /// <summary>The account has no credit left: HTTP 429 <c>insufficient_quota</c> (OpenAI), 400 "credit balance is too low" (Anthropic).</summary>
    QuotaExhausted,

    /// <summary>HTTP 408, the server gave up on the request.</summary>
    RequestTimeout,

    /// <summary>HTTP 409, another request was in the way.</summary>
    Conflict,

    /// <summary>HTTP 500.</summary>
    ServerError,

    /// <summary>HTTP 502 with the HTML page of a gateway in front of the provider.</summary>
    BadGateway,

    /// <summary>HTTP 503.</summary>
    Unavailable,

    /// <summary>HTTP 504 with the HTML page of a gateway in front of the provider.</summary>
    GatewayTimeout,

    /// <summary>HTTP 529, Anthropic's "overloaded".</summary>
    Overloaded,

    /// <summary>HTTP 401.</summary>
    Unauthorized,

    /// <summary>HTTP 404, no such model or deployment.</summary>
    ModelNotFound,

    /// <summary>HTTP 400, the request asks for something that the model does not do.</summary>
    InvalidRequest,

    /// <summary>HTTP 400, the prompt is longer than the context window.</summary>
    ContextLengthExceeded,

    /// <summary>HTTP 400, the content filter refused the prompt.</summary>
    PromptFiltered,

    /// <summary>The content filter ends the answer: finish reason <c>content_filter</c> (OpenAI), stop reason <c>refusal</c> (Anthropic).</summary>
    AnswerFiltered,

    /// <summary>The answer is finished and has nothing in it.</summary>
    EmptyAnswer,

    /// <summary>The headers come late.</summary>
    SlowHeaders,

    /// <summary>The headers come in time, the first content late.</summary>
    SlowFirstContent,

    /// <summary>The headers come in time, then only signs of life: comments, pings and roles, or white space before a plain answer.</summary>
    KeepAlives,

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

    /// <summary>Status 200 and an error in the answer's place: the body, or the first event (OpenRouter and other gateways).</summary>
    ErrorAsAnswer,

    /// <summary>The answer ends in its middle with an error beside it: finish reason <c>error</c> (OpenRouter). Anthropic's format has none: there it is an error event, or an error in a plain answer's place.</summary>
    ErrorFinish,

    /// <summary>Status 200 and a body, or the first event, that is not JSON.</summary>
    MalformedJson,
}
