namespace LlmKit.Simulator.Faults;

/// <summary>One thing that goes wrong with a request. Immutable; made by the methods named after the kinds.</summary>
/// <remarks>
/// Faults in the middle of an answer come after a number of chunks: content chunks of a stream, at most all of them, so a large
/// number means "after the last content, before the finish reason". A plain answer has its first bytes written then, none of its text.
/// </remarks>
public sealed record Fault
{
    private Fault(FaultKind kind) => Kind = kind;

    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>How long a slow or stalled answer takes longer, or the time between two signs of life; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</summary>
    public TimeSpan Duration { get; private init; }

    /// <summary>The content chunks that a stream writes first.</summary>
    public int AfterChunks { get; private init; }

    /// <summary>How many signs of life come before the content.</summary>
    public int Signs { get; private init; }

    /// <summary>The HTTP status that an error in an answer's place names.</summary>
    public int Status { get; private init; }

    /// <summary>When the error asks to come again, or nothing.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>How the error says it.</summary>
    public RetryAfterForm RetryAfterForm { get; private init; }

    /// <summary>HTTP 429.</summary>
    /// <param name="retryAfter">When to come again; nothing sends no header.</param>
    /// <param name="form">How that is said.</param>
    /// <returns>The fault.</returns>
    public static Fault RateLimited(TimeSpan? retryAfter = null, RetryAfterForm form = RetryAfterForm.Seconds) =>
        new(FaultKind.RateLimited) { RetryAfter = retryAfter, RetryAfterForm = form };

    /// <summary>No credit left.</summary>
    /// <returns>The fault.</returns>
    public static Fault QuotaExhausted() => new(FaultKind.QuotaExhausted);

    /// <summary>HTTP 408.</summary>
    /// <returns>The fault.</returns>
    public static Fault RequestTimeout() => new(FaultKind.RequestTimeout);

    /// <summary>HTTP 409.</summary>
    /// <returns>The fault.</returns>
    public static Fault Conflict() => new(FaultKind.Conflict);

    /// <summary>HTTP 500.</summary>
    /// <returns>The fault.</returns>
    public static Fault ServerError() => new(FaultKind.ServerError);

    /// <summary>HTTP 502, an HTML page.</summary>
    /// <returns>The fault.</returns>
    public static Fault BadGateway() => new(FaultKind.BadGateway);

    /// <summary>HTTP 503.</summary>
    /// <param name="retryAfter">When to come again; nothing sends no header.</param>
    /// <param name="form">How that is said.</param>
    /// <returns>The fault.</returns>
    public static Fault Unavailable(TimeSpan? retryAfter = null, RetryAfterForm form = RetryAfterForm.Seconds) =>
        new(FaultKind.Unavailable) { RetryAfter = retryAfter, RetryAfterForm = form };

    /// <summary>HTTP 504, an HTML page.</summary>
    /// <returns>The fault.</returns>
    public static Fault GatewayTimeout() => new(FaultKind.GatewayTimeout);

    /// <summary>HTTP 529.</summary>
    /// <returns>The fault.</returns>
    public static Fault Overloaded() => new(FaultKind.Overloaded);

    /// <summary>HTTP 401, whatever the key.</summary>
    /// <returns>The fault.</returns>
    public static Fault Unauthorized() => new(FaultKind.Unauthorized);

    /// <summary>HTTP 404, whatever the model.</summary>
    /// <returns>The fault.</returns>
    public static Fault ModelNotFound() => new(FaultKind.ModelNotFound);

    /// <summary>HTTP 400, a setting that the model does not know.</summary>
    /// <returns>The fault.</returns>
    public static Fault InvalidRequest() => new(FaultKind.InvalidRequest);

    /// <summary>HTTP 400, prompt too long.</summary>
    /// <returns>The fault.</returns>
    public static Fault ContextLengthExceeded() => new(FaultKind.ContextLengthExceeded);

    /// <summary>HTTP 400, prompt refused by the content filter.</summary>
    /// <returns>The fault.</returns>
    public static Fault PromptFiltered() => new(FaultKind.PromptFiltered);

    /// <summary>The content filter ends the answer.</summary>
    /// <param name="afterChunks">The chunks of text before it does; 0 or more.</param>
    /// <returns>The fault.</returns>
    public static Fault AnswerFiltered(int afterChunks = 0) => After(FaultKind.AnswerFiltered, afterChunks);

    /// <summary>An answer without content that ended well.</summary>
    /// <returns>The fault.</returns>
    public static Fault EmptyAnswer() => new(FaultKind.EmptyAnswer);

    /// <summary>Late headers.</summary>
    /// <param name="duration">How late, on the simulator's clock.</param>
    /// <returns>The fault.</returns>
    public static Fault SlowHeaders(TimeSpan duration) => new(FaultKind.SlowHeaders) { Duration = duration };

    /// <summary>Headers in time, content late.</summary>
    /// <param name="duration">How late, on the simulator's clock.</param>
    /// <returns>The fault.</returns>
    public static Fault SlowFirstContent(TimeSpan duration) => new(FaultKind.SlowFirstContent) { Duration = duration };

    /// <summary>Signs of life in place of content.</summary>
    /// <param name="interval">The time between two, above 0, on the simulator's clock.</param>
    /// <param name="count">How many come before the content; by default it never comes.</param>
    /// <returns>The fault.</returns>
    public static Fault KeepAlives(TimeSpan interval, int count = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(FaultKind.KeepAlives) { Duration = interval, Signs = count };
    }

    /// <summary>The answer stops in its middle.</summary>
    /// <param name="afterChunks">The chunks before it does; 0 or more.</param>
    /// <param name="duration">How long, on the simulator's clock; nothing is until the client goes away.</param>
    /// <returns>The fault.</returns>
    public static Fault Stall(int afterChunks = 1, TimeSpan? duration = null) =>
        After(FaultKind.Stall, afterChunks) with { Duration = duration ?? Timeout.InfiniteTimeSpan };

    /// <summary>Connection reset before the headers.</summary>
    /// <returns>The fault.</returns>
    public static Fault ResetBeforeHeaders() => new(FaultKind.ResetBeforeHeaders);

    /// <summary>Connection reset in the middle.</summary>
    /// <param name="afterChunks">The chunks before it; 0 or more.</param>
    /// <returns>The fault.</returns>
    public static Fault Reset(int afterChunks = 1) => After(FaultKind.Reset, afterChunks);

    /// <summary>An answer that just ends.</summary>
    /// <param name="afterChunks">The chunks before it does; 0 or more.</param>
    /// <returns>The fault.</returns>
    public static Fault EndsEarly(int afterChunks = 1) => After(FaultKind.EndsEarly, afterChunks);

    /// <summary>An error event in the middle of a stream.</summary>
    /// <param name="afterChunks">The chunks before it; 0 or more.</param>
    /// <returns>The fault.</returns>
    public static Fault ErrorInStream(int afterChunks = 1) => After(FaultKind.ErrorInStream, afterChunks);

    /// <summary>An error in an answer's place, behind status 200.</summary>
    /// <param name="status">The HTTP status that the error names, 400 to 599.</param>
    /// <returns>The fault.</returns>
    public static Fault ErrorAsAnswer(int status = 502)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return new(FaultKind.ErrorAsAnswer) { Status = status };
    }

    /// <summary>An answer that ends with the finish reason "error"; the error names status 502.</summary>
    /// <param name="afterChunks">The chunks before it; 0 or more.</param>
    /// <returns>The fault.</returns>
    public static Fault ErrorFinish(int afterChunks = 1) => After(FaultKind.ErrorFinish, afterChunks) with { Status = 502 };

    /// <summary>A body, or first event, that is not JSON.</summary>
    /// <returns>The fault.</returns>
    public static Fault MalformedJson() => new(FaultKind.MalformedJson);

    private static Fault After(FaultKind kind, int chunks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        return new(kind) { AfterChunks = chunks };
    }
}
