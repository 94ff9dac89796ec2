namespace Quickstart;

/// <summary>The tool that an entry needs before it can answer.</summary>
internal sealed record DeskTool
{
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>Finds the argument in the question, as the first group.</summary>
    public required string Pattern { get; init; }
}
