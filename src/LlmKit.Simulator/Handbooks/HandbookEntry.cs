namespace LlmKit.Simulator.Handbooks;

/// <summary>One piece of a simulated model's knowledge.</summary>
public sealed record HandbookEntry
{
    /// <summary>The entry's name, for messages about it.</summary>
    public required string Id { get; init; }

    /// <summary>The terms that must all occur, each a word or phrase, alternatives divided by <c>|</c>.</summary>
    /// <value>At least one.</value>
    public required IReadOnlyList<string> When { get; init; }

    /// <summary>The terms of which none may occur, alternatives divided by <c>|</c>.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> Unless { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The answer. <c>{customer}</c> becomes the name on the line <c>Customer: NAME</c> of the system text (else "customer"),
    /// <c>{tool}</c> the text of the tool's result.
    /// </summary>
    public required string Answer { get; init; }

    /// <summary>What the models in <see cref="SimulatorOptions.WeakModels"/> answer instead.</summary>
    /// <value>Default: none, weak models know the answer too.</value>
    public string? Weak { get; init; }

    /// <summary>The tool that the model calls before it answers.</summary>
    /// <value>Default: none.</value>
    public HandbookTool? Tool { get; init; }

    /// <summary>Whether <see cref="Answer"/> is the model's own refusal: OpenAI's <c>refusal</c>, Anthropic's stop reason <c>refusal</c>.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Refuse { get; init; }
}
