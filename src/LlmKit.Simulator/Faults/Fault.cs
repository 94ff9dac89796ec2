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

    /// <summary>How long a slow or stalled answer takes longer; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</summary>
    public TimeSpan Duration { get; private init; }

    /// <summary>The content chunks that a stream writes first.</summary>
    public int AfterChunks { get; private init; }

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

    /// <summary>HTTP 500.</summary>
    /// <returns>The fault.</returns>
    public static Fault ServerError() => new(FaultKind.ServerError);

    /// <summary>HTTP 503.</summary>
    /// <param name="retryAfter">When to come again; nothing sends no header.</param>
    /// <param name="form">How that is said.</param>
    /// <returns>The fault.</returns>
    public static Fault Unavailable(TimeSpan? retryAfter = null, RetryAfterForm form = RetryAfterForm.Seconds) =>
        new(FaultKind.Unavailable) { RetryAfter = retryAfter, RetryAfterForm = form };

    /// <summary>HTTP 529.</summary>
    /// <returns>The fault.</returns>
    public static Fault Overloaded() => new(FaultKind.Overloaded);

    /// <summary>HTTP 401, whatever the key.</summary>
    /// <returns>The fault.</returns>
    public static Fault Unauthorized() => new(FaultKind.Unauthorized);

    /// <summary>HTTP 404, whatever the model.</summary>
    /// <returns>The fault.</returns>
    public static Fault ModelNotFound() => new(FaultKind.ModelNotFound);

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

    /// <summary>Late headers.</summary>
    /// <param name="duration">How late, on the simulator's clock.</param>
    /// <returns>The fault.</returns>
    public static Fault SlowHeaders(TimeSpan duration) => new(FaultKind.SlowHeaders) { Duration = duration };

    /// <summary>Headers in time, content late.</summary>
    /// <param name="duration">How late, on the simulator's clock.</param>
    /// <returns>The fault.</returns>
    public static Fault SlowFirstContent(TimeSpan duration) => new(FaultKind.SlowFirstContent) { Duration = duration };

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

    /// <summary>A body, or first event, that is not JSON.</summary>
    /// <returns>The fault.</returns>
    public static Fault MalformedJson() => new(FaultKind.MalformedJson);

    private static Fault After(FaultKind kind, int chunks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        return new(kind) { AfterChunks = chunks };
    }
}
