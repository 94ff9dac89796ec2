using System.Globalization;

namespace LlmKit.Observability.Replay;

/// <summary>How far the answers to a chain of frozen calls went as recorded.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ChainReport
{
    internal ChainReport(int steps, IReadOnlyList<ReplayedRun> runs, DriftLevel? divergence, string? place)
    {
        Steps = steps;
        Runs = runs;
        Divergence = divergence;
        Place = place;
    }

    /// <summary>Gets the number of calls in the chain.</summary>
    public int Steps { get; }

    /// <summary>Gets the calls that were made, the one that diverged last.</summary>
    public IReadOnlyList<ReplayedRun> Runs { get; }

    /// <summary>Gets the step, from 1, whose answer was the first beyond what is tolerated; <see langword="null"/> when none was.</summary>
    public int? FirstDivergence => Divergence is null ? null : Runs.Count;

    /// <summary>Gets how far that answer is from the recorded one; <see langword="null"/> when none was too far.</summary>
    public DriftLevel? Divergence { get; }

    /// <summary>Gets where tool calls first differ, such as <c>$[0].arguments.city</c>; <see langword="null"/> when they do not.</summary>
    public string? Place { get; }

    /// <summary>Gives one line for people, without texts of the conversation.</summary>
    /// <returns>A line without a line feed.</returns>
    public string ToText() => Divergence is null
        ? string.Create(CultureInfo.InvariantCulture, $"no divergence in {Steps} steps")
        : string.Create(CultureInfo.InvariantCulture, $"first divergence at step {FirstDivergence} of {Steps}: {Divergence}{(Place is null ? "" : $" at {Place}")}{(Runs[^1].Failure is { } failure ? $" ({failure})" : "")}");
}
