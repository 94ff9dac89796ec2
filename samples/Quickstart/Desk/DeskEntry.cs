namespace Quickstart;

/// <summary>One entry of the handbook.</summary>
internal sealed record DeskEntry
{
    public required string Id { get; init; }

    /// <summary>The words or phrases that must all occur in the question, alternatives divided by <c>|</c>.</summary>
    public required IReadOnlyList<string> When { get; init; }

    /// <summary>The words or phrases of which none may occur.</summary>
    // Generated JSON code assigns null to an init property that is absent, whatever its initialiser.
    public IReadOnlyList<string> Unless { get => field ?? []; init; }

    /// <summary>The answer, with <c>{customer}</c> and <c>{tool}</c> to be filled in.</summary>
    public required string Answer { get; init; }

    /// <summary>What a weak model says instead.</summary>
    public string? Weak { get; init; }

    public DeskTool? Tool { get; init; }

    /// <summary>Whether the model itself refuses, with <see cref="Answer"/> as its words.</summary>
    public bool Refuse { get; init; }
}
