namespace LlmKit.Calls;

/// <summary>The verdict that a step holds, such as a guard's on a text, for those who tell evaluations.</summary>
/// <remarks>Immutable. It names rules and numbers, never a text of the conversation.</remarks>
/// <param name="Name">What was looked for, such as the name of a rule.</param>
/// <param name="Label">The verdict in a word, such as <c>block</c>.</param>
public sealed record StepVerdict(string Name, string Label)
{
    /// <summary>Gets the score; <see langword="null"/> for none.</summary>
    public double? Score { get; init; }

    /// <summary>Gets the reason, such as a category; <see langword="null"/> for none.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets whether the rule could look at the text at all.</summary>
    public bool Evaluated { get; init; } = true;
}
