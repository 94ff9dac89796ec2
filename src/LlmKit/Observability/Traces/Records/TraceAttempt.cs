using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>One request to one model.</summary>
public sealed record TraceAttempt
{
    /// <summary>Gets the registered model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the provider's name.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets what it was for when it was not the answer itself, such as <c>judge</c>.</summary>
    public string? Purpose { get; init; }

    /// <summary>Gets when it was sent, counted from the start of the call.</summary>
    public TimeSpan Started { get; init; }

    /// <summary>Gets how long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets when its first content came, counted from its own start.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Gets the class of its failure; <see langword="null"/> when it gave an answer.</summary>
    public string? Failure { get; init; }

    /// <summary>Gets the HTTP status of its failure.</summary>
    public int? Status { get; init; }

    /// <summary>Gets the tokens used.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Gets whether the tokens were estimated because the provider reported none.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Gets the cost in USD; <see langword="null"/> without a price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Gets the version of the price.</summary>
    public string? PriceVersion { get; init; }
}
