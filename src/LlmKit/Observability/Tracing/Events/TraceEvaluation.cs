namespace LlmKit;

/// <summary>What somebody or something found an answer to be worth.</summary>
/// <param name="Name">What was looked at, such as <c>relevance</c> or <c>user_feedback</c>.</param>
public sealed record TraceEvaluation(string Name)
{
    /// <summary>Gets the score, in whatever range <see cref="Name"/> has; <see langword="null"/> for none.</summary>
    public double? Score { get; init; }

    /// <summary>Gets the verdict in a word, such as <c>pass</c>.</summary>
    public string? Label { get; init; }

    /// <summary>Gets why. On spans only where they hold texts, in logs only where events do: reasons quote answers.</summary>
    public string? Explanation { get; init; }

    /// <summary>Gets the id that the provider gave the answer.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Gets why it could not be evaluated; <see langword="null"/> when it was.</summary>
    public Exception? Error { get; init; }
}
