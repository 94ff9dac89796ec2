using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Which records to find. Every condition that is set must hold.</summary>
public sealed record TraceQuery
{
    /// <summary>The most records of a page.</summary>
    public const int MostPerPage = 1_000;

    /// <summary>Gets the earliest start; included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the latest start; not included.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets what the records are about.</summary>
    public TraceKind? Kind { get; init; }

    /// <summary>Gets what they were for, of the requests that calls made for themselves, such as <c>judge</c>; <see langword="null"/> for those of the application.</summary>
    public string? Purpose { get; init; }

    /// <summary>Gets whether the requests that calls made for themselves are found beside those of the application.</summary>
    /// <value><see langword="false"/> by default: what they cost and used is in the record of the call already, and sums would count it twice.</value>
    public bool WithChildren { get; init; }

    /// <summary>Gets the id of the trace that they belong to.</summary>
    public string? TraceId { get; init; }

    /// <summary>Gets the pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Gets the model: as registered, as asked for, or as it names itself.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the user.</summary>
    public string? User { get; init; }

    /// <summary>Gets the call site.</summary>
    public string? Feature { get; init; }

    /// <summary>Gets the interaction.</summary>
    public string? Interaction { get; init; }

    /// <summary>Gets the conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>Gets the name of the prompt.</summary>
    public string? PromptName { get; init; }

    /// <summary>Gets the version of the prompt.</summary>
    public string? PromptVersion { get; init; }

    /// <summary>Gets a label that they have: its name, and its value unless that is <see langword="null"/>.</summary>
    public KeyValuePair<string, string?>? Tag { get; init; }

    /// <summary>Gets how they ended.</summary>
    public CallStatus? Status { get; init; }

    /// <summary>Gets the class of their error.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Gets whether they failed or were blocked.</summary>
    public bool? IsBad { get; init; }

    /// <summary>Gets whether the answer came from a cache.</summary>
    public bool? IsHit { get; init; }

    /// <summary>Gets the least cost, in USD; a record whose cost is unknown has none.</summary>
    public decimal? MinCost { get; init; }

    /// <summary>Gets the fewest tokens, input and output together.</summary>
    public long? MinTokens { get; init; }

    /// <summary>Gets the shortest duration.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>Gets the lowest last score; a record that nobody scored has none.</summary>
    public double? MinScore { get; init; }

    /// <summary>Gets the greatest last score; a record that nobody scored has none.</summary>
    public double? MaxScore { get; init; }

    /// <summary>Gets a text that stands in the id, in a name, or in a message, whatever its case. Slow: messages are read one after the other.</summary>
    public string? Text { get; init; }

    /// <summary>Gets the most records to give: 1 to <see cref="MostPerPage"/>; 100 by default.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Gets where to go on: <see cref="TracePage.Next"/> of the page before.</summary>
    public string? After { get; init; }
}
