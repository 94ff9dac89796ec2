using LlmKit.Integration.Tests.Simulator;
using LlmKit.Models;
using LlmKit.Simulator.Faults;
using static LlmKit.Integration.Tests.Execution.Course;
using static LlmKit.Models.ModelFailureKind;

namespace LlmKit.Integration.Tests.Execution;

/// <summary>What a pipeline is to make of everything that can go wrong at a provider.</summary>
internal static class FaultTable
{
    // More than the answer has.
    private const int AllChunks = 1_000;

    // Longer than every limit on time.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<FaultCase> Cases { get; } =
    [
        // What passes: the same model again, then the next.
        new(Fault.RateLimited(), Retry, RateLimited, 429),
        new(Fault.RateLimited(Later), Retry, RateLimited, 429) { Note = "in seconds", RetryAfter = Later },
        new(Fault.RateLimited(Later, RetryAfterForm.HttpDate), Retry, RateLimited, 429) { Note = "by date", RetryAfter = Later },
        new(Fault.RateLimited(Later, RetryAfterForm.PastDate), Retry, RateLimited, 429) { Note = "by a date gone by" },
        new(Fault.RateLimited(Later, RetryAfterForm.Words), Retry, RateLimited, 429) { Note = "in words" },
        new(Fault.RateLimited(Later, RetryAfterForm.Milliseconds), Retry, RateLimited, 429) { Note = "in milliseconds", RetryAfter = Later },
        new(Fault.RateLimited(Later, RetryAfterForm.LimitReset), Retry, RateLimited, 429) { Note = "by its limits", RetryAfter = Later },
        new(Fault.RequestTimeout(), Retry, ModelFailureKind.Timeout, 408),
        new(Fault.Conflict(), Retry, Transient, 409),
        new(Fault.ServerError(), Retry, Transient, 500),
        new(Fault.BadGateway(), Retry, Transient, 502),
        new(Fault.Unavailable(), Retry, Overloaded, 503),
        new(Fault.Unavailable(Later), Retry, Overloaded, 503) { Note = "in seconds", RetryAfter = Later },
        new(Fault.GatewayTimeout(), Retry, ModelFailureKind.Timeout, 504),
        new(Fault.Overloaded(), Retry, Overloaded, 529),
        new(Fault.ResetBeforeHeaders(), Retry, Transient),
        new(Fault.MalformedJson(), Retry, Transient),
        new(Fault.ErrorAsAnswer(), Retry, Transient, 502) { Anthropic = new(Retry, Transient) },
        new(Fault.ErrorAsAnswer(429), Retry, RateLimited, 429)
            { Note = "429", Anthropic = new(Retry, RateLimited) },

        // A model that nobody can use: the next at once.
        new(Fault.QuotaExhausted(), NextModel, QuotaExhausted, 429) { Anthropic = new(NextModel, QuotaExhausted, 400) },
        new(Fault.Unauthorized(), NextModel, Unauthorized, 401),
        new(Fault.ModelNotFound(), NextModel, ModelNotFound, 404),
        new(Fault.ContextLengthExceeded(), NextModel, ContextLengthExceeded, 400),
        new(Fault.ErrorAsAnswer(402), NextModel, QuotaExhausted, 402)
            { Note = "402", Anthropic = new(NextModel, QuotaExhausted) },

        // The caller's own.
        new(Fault.InvalidRequest(), Throw, InvalidRequest, 400),
        new(Fault.PromptFiltered(), Throw, ContentFiltered, 400),
        new(Fault.ErrorAsAnswer(400), Throw, InvalidRequest, 400)
            { Note = "400", Anthropic = new(Throw, InvalidRequest) },

        // Answers, if odd ones.
        new(Fault.AnswerFiltered(afterChunks: 2), Answer) { Text = FaultCase.TwoChunks },
        new(Fault.AnswerFiltered(), Answer) { Note = "at once", Text = "" },
        new(Fault.EmptyAnswer(), Answer) { Text = "" },
        new(Fault.SlowHeaders(Often), Answer) { Note = "within the limit" },
        new(Fault.SlowFirstContent(Often), Answer) { Note = "within the limit" },
        new(Fault.KeepAlives(Often, count: 3), Answer) { Note = "within the limit" },
        new(Fault.KeepAlives(TimeSpan.FromMilliseconds(25), count: 300), Answer) { Note = "by the hundred" },

        // Too slow: plain, or before the first content.
        new(Fault.SlowHeaders(Forever), Retry, ModelFailureKind.Timeout),
        new(Fault.SlowFirstContent(Forever), Retry, ModelFailureKind.Timeout),
        new(Fault.KeepAlives(Often), Retry, ModelFailureKind.Timeout),
        new(Fault.Stall(afterChunks: 0, Forever), Retry, ModelFailureKind.Timeout) { Note = "before content" },

        // Broken in the middle: a stream that has shown text is not repeated.
        new(Fault.Stall(afterChunks: 2, Forever), Retry, ModelFailureKind.Timeout)
            { Streamed = new(ThrowAfterText, ModelFailureKind.Timeout), Shown = FaultCase.TwoChunks },
        new(Fault.Reset(afterChunks: 0), Retry, Transient) { Note = "before content" },
        new(Fault.Reset(afterChunks: 2), Retry, Transient) { Streamed = new(ThrowAfterText, Transient), Shown = FaultCase.TwoChunks },
        new(Fault.EndsEarly(afterChunks: 0), Retry, Transient) { Note = "before content", Streamed = new(Retry, Truncated) },
        new(Fault.EndsEarly(afterChunks: 2), Retry, Transient) { Streamed = new(ThrowAfterText, Truncated), Shown = FaultCase.TwoChunks },
        new(Fault.EndsEarly(AllChunks), Retry, Transient) { Note = "after the text", Streamed = new(ThrowAfterText, Truncated), Shown = Sample.Answer },
        new(Fault.ErrorInStream(afterChunks: 0), Retry, Transient, 500)
            { Note = "before content", Streamed = new(Retry, Transient), AnthropicStreamed = new(Retry, Overloaded) },
        new(Fault.ErrorInStream(afterChunks: 2), Retry, Transient, 500)
            { Streamed = new(ThrowAfterText, Transient), AnthropicStreamed = new(ThrowAfterText, Overloaded), Shown = FaultCase.TwoChunks },
        new(Fault.ErrorFinish(afterChunks: 0), Retry, Transient) { Note = "before content" },
        new(Fault.ErrorFinish(afterChunks: 2), Retry, Transient) { Streamed = new(ThrowAfterText, Transient), Shown = FaultCase.TwoChunks },
    ];
}
