namespace LlmKit.Observability.Replay;

/// <summary>How much the answers to one frozen call vary.</summary>
/// <remarks>
/// Immutable. An agreement is the share of the answered runs that gave the most frequent answer: 1 when all gave the same, 1/n when no
/// two did. Percentiles are by nearest rank over the answered runs.
/// </remarks>
public sealed class VariationReport
{
    internal VariationReport(string name, IReadOnlyList<ReplayedRun> runs)
    {
        Name = name;
        Runs = runs;
        Answered = [.. runs.Where(run => run.Failure is null)];
    }

    /// <summary>Gets the name of what was asked.</summary>
    public string Name { get; }

    /// <summary>Gets all runs, in order.</summary>
    public IReadOnlyList<ReplayedRun> Runs { get; }

    /// <summary>Gets the number of runs that failed.</summary>
    public int Failed => Runs.Count - Answered.Count;

    /// <summary>Gets the number of different answers, text and tool calls together.</summary>
    public int Distinct => Answered.Select(run => (run.Text, run.ToolCalls)).Distinct().Count();

    /// <summary>Gets the agreement of the texts and tool calls, to the character; <see langword="null"/> when no run was answered.</summary>
    public double? ExactAgreement => Agreement(run => (run.Text, run.ToolCalls));

    /// <summary>Gets the agreement of the texts but for case, white space and closing punctuation; <see langword="null"/> when no run was answered.</summary>
    public double? NormalizedAgreement => Agreement(run => run.Normalized);

    /// <summary>Gets the agreement of what the answers come to; one that comes to nothing agrees with no other. <see langword="null"/> when none comes to anything.</summary>
    public double? ParsedAgreement => Answered.Any(run => run.Value is not null)
        ? (double)Answered.Where(run => run.Value is not null).GroupBy(run => run.Value).Max(group => group.Count()) / Answered.Count
        : null;

    /// <summary>Gets the agreement of the tool calls, with their arguments; <see langword="null"/> when no run called a tool.</summary>
    public double? ToolCallAgreement => Answered.Any(run => run.ToolCalls.Length > 0) ? Agreement(run => run.ToolCalls) : null;

    /// <summary>Gets the share of the answered runs that are the recorded answer, but for its formatting; <see langword="null"/> when none is known.</summary>
    public double? RecordedAgreement => Answered.Any(run => run.Drift is not null)
        ? (double)Answered.Count(run => run.Drift <= DriftLevel.Formatting) / Answered.Count
        : null;

    /// <summary>Gets the cost of all runs in USD, also of those that failed; <see langword="null"/> when it is unknown for any that was answered, or for all.</summary>
    public decimal? Cost => Runs.Any(run => run.Cost is not null) && Answered.All(run => run.Cost is not null) ? Runs.Sum(run => run.Cost ?? 0) : null;

    /// <summary>Gets the fingerprints of the provider's configuration and how many runs had each.</summary>
    public IReadOnlyDictionary<string, int> Fingerprints => Counted(run => run.Fingerprint);

    /// <summary>Gets the models that answered and how many runs each.</summary>
    public IReadOnlyDictionary<string, int> Models => Counted(run => run.Model);

    private IReadOnlyList<ReplayedRun> Answered { get; }

    /// <summary>Gets the latency that so many of the answered runs kept to.</summary>
    /// <param name="percent">Above 0, at most 100.</param>
    /// <returns>The latency, or <see langword="null"/> when no run was answered.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is outside its range.</exception>
    public TimeSpan? Latency(double percent)
    {
        if (percent is not (> 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "The percentile is outside 0 to 100.");
        return Answered.Count == 0 ? null
            : Answered.Select(run => run.Latency).Order().ElementAt((int)Math.Ceiling(percent / 100 * Answered.Count) - 1);
    }

    /// <summary>Gives the report as a table for people, without texts of the conversation.</summary>
    /// <returns>Lines that end with a line feed.</returns>
    public string ToText() => VariationTable.Of([this]);

    private double? Agreement<T>(Func<ReplayedRun, T> answer) => Answered.Count == 0 ? null
        : (double)Answered.GroupBy(answer).Max(group => group.Count()) / Answered.Count;

    private Dictionary<string, int> Counted(Func<ReplayedRun, string?> name) =>
        Answered.Where(run => name(run) is not null).CountBy(run => name(run)!).ToDictionary(StringComparer.Ordinal);
}
