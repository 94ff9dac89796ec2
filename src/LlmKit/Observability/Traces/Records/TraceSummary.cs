using System.Collections.Immutable;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>What is known of one operation without its texts: for lists, charts and figures.</summary>
/// <remarks>Immutable. Names and numbers only, but for the labels that callers chose: names, tags and error types.</remarks>
public record TraceSummary
{
    /// <summary>Gets the id: that of the call, see <see cref="LlmCall.Id"/>, or of the span.</summary>
    public required string Id { get; init; }

    /// <summary>Gets what ties operations together that belong to one request of a user: the id of the distributed trace; without one that of the interaction, or of the call.</summary>
    public required string TraceId { get; init; }

    /// <summary>Gets the id of the span; <see langword="null"/> when there was none.</summary>
    public string? SpanId { get; init; }

    /// <summary>Gets the id of the span that this one stands under.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>Gets the id of the record that this one serves: of the call that a judge looks at, or that a repair mends; <see langword="null"/> for a request of the application's own.</summary>
    public string? ParentId { get; init; }

    /// <summary>Gets what a request was for that a call made for itself, such as <c>judge</c> or <c>repair</c>; <see langword="null"/> for one of the application's own.</summary>
    /// <remarks>What such a request cost and used is part of what the call above cost: lists and sums leave it out, unless <see cref="TraceQuery"/> asks for it.</remarks>
    public string? Purpose { get; init; }

    /// <summary>Gets what the record is about.</summary>
    public TraceKind Kind { get; init; }

    /// <summary>Gets the name for a reader, such as <c>chat small</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the pipeline's name.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Gets the call site.</summary>
    public string? Feature { get; init; }

    /// <summary>Gets the customer organisation.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the person or account.</summary>
    public string? User { get; init; }

    /// <summary>Gets the id of the interaction, such as a tool loop, that the call is part of.</summary>
    public string? Interaction { get; init; }

    /// <summary>Gets the id of the conversation that the request named.</summary>
    public string? Conversation { get; init; }

    /// <summary>Gets the labels that the caller gave.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets when it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets how long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets when the first update of a stream came, counted from the start; <see langword="null"/> when none came or it was no stream.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Gets whether the answer was streamed.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>Gets the model that was asked for, in the provider's words.</summary>
    public string? RequestModel { get; init; }

    /// <summary>Gets the registered model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the model that answered, in the provider's words.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>Gets the provider's name, as telemetry knows it.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the provider's id of the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Gets the provider's fingerprint of what answered, which explains why one request has two answers.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Gets why the answer ended, in lower case.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Gets how it ended.</summary>
    public CallStatus Status { get; init; }

    /// <summary>Gets the class of the error, of few that there are; <see langword="null"/> without one.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Gets what happened to the answer on its way.</summary>
    public AnswerMarks Marks { get; init; }

    /// <summary>Gets whether the answer came from a cache.</summary>
    public bool IsHit => Marks.HasFlag(AnswerMarks.Cached);

    /// <summary>Gets whether the answer was replayed from a recording.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>Gets whether something is missing: the operation had not ended, or not all of its attempts, when the record was made.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Gets the tokens of all attempts.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Gets the cost of all attempts, in USD; <see langword="null"/> when a price is unknown, never 0 for that.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Gets the name of the prompt that the request was made from.</summary>
    public string? PromptName { get; init; }

    /// <summary>Gets the version of that prompt.</summary>
    public string? PromptVersion { get; init; }

    /// <summary>Gets the requests to models, in the order of their end.</summary>
    public IReadOnlyList<TraceAttempt> Attempts { get; init; } = [];

    /// <summary>Gets what stages decided, in order.</summary>
    public IReadOnlyList<TraceStep> Steps { get; init; } = [];

    /// <summary>Gets what was said about the answer, the earliest first.</summary>
    public IReadOnlyList<TraceScore> Scores { get; init; } = [];

    /// <summary>Gets whether it ended with an error, or a rail blocked it.</summary>
    public bool IsBad => Status == CallStatus.Failed || Marks.HasFlag(AnswerMarks.Blocked);

    /// <summary>Gets the last score that somebody gave; <see langword="null"/> when nobody did.</summary>
    public double? LastScore => Scores.Count == 0 ? null : Scores[^1].Value;

    /// <summary>Copies what is known without texts.</summary>
    internal TraceSummary WithoutTexts() => new(this);
}
