namespace LlmKit.Observability.Traces;

/// <summary>The sums of some records.</summary>
public sealed record TraceGroup
{
    /// <summary>Gets the value that they share; <see langword="null"/> where they have none, or all are one group.</summary>
    public string? Name { get; init; }

    /// <summary>Gets when their stretch of time begins; <see langword="null"/> where time is not told apart.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets how many they are.</summary>
    public int Calls { get; init; }

    /// <summary>Gets how many failed.</summary>
    public int Failures { get; init; }

    /// <summary>Gets how many a rail blocked.</summary>
    public int Blocked { get; init; }

    /// <summary>Gets how many failed or were blocked; one whose block was thrown is both, and counts once.</summary>
    public int Bad { get; init; }

    /// <summary>Gets how many were answered from a cache.</summary>
    public int Hits { get; init; }

    /// <summary>Gets how many have a cost that nobody knows.</summary>
    public int Unpriced { get; init; }

    /// <summary>Gets what the others cost, in USD.</summary>
    public decimal Cost { get; init; }

    /// <summary>Gets the input tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Gets the output tokens.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Gets the median duration, by the nearest rank.</summary>
    public TimeSpan DurationP50 { get; init; }

    /// <summary>Gets the duration that 95 % do not exceed, by the nearest rank.</summary>
    public TimeSpan DurationP95 { get; init; }

    /// <summary>Gets how many have a score.</summary>
    public int Scored { get; init; }

    /// <summary>Gets the mean of their last scores; <see langword="null"/> when nobody scored any.</summary>
    public double? MeanScore { get; init; }
}
