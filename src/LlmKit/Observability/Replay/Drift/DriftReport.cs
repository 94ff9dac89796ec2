using System.Globalization;
using System.Text;

namespace LlmKit.Observability.Replay;

/// <summary>What changed at the provider since a cassette was recorded.</summary>
/// <remarks>Immutable.</remarks>
public sealed class DriftReport
{
    internal DriftReport(IReadOnlyList<DriftEntry> entries, IReadOnlyList<UnplayedRecording> unused)
    {
        Entries = entries;
        Unused = unused;
    }

    /// <summary>Gets the answers compared, in the order in which they came.</summary>
    public IReadOnlyList<DriftEntry> Entries { get; }

    /// <summary>Gets the recordings that were not asked for, so that nothing can be said of them.</summary>
    public IReadOnlyList<UnplayedRecording> Unused { get; }

    /// <summary>Gets the greatest drift of any answer.</summary>
    public DriftLevel Worst => Entries.Count == 0 ? DriftLevel.None : Entries.Max(entry => entry.Level);

    /// <summary>Gets whether any answer drifted at least so far.</summary>
    /// <param name="atLeast">The least drift that counts.</param>
    /// <returns>Whether there is one.</returns>
    public bool HasDrift(DriftLevel atLeast = DriftLevel.Formatting) => Entries.Any(entry => entry.Level >= atLeast);

    /// <summary>Gives a table for people: one line for each answer that is not exactly the recorded one in text, tools, model and usage.</summary>
    /// <returns>Lines that end with a line feed, without texts of the conversation.</returns>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Entries.Count} compared, {Entries.Count(entry => entry.Level == DriftLevel.None)} exactly as recorded, {Unused.Count} not asked for; worst: {Worst}\n");
        foreach (var entry in Entries.Where(IsNoted))
            text.Append(Short(entry.Key)).Append(entry.Scope.Length > 0 ? $" {entry.Scope}" : "").Append(' ').Append(entry.Level).Append(Details(entry)).Append('\n');
        return text.ToString();
    }

    private static bool IsNoted(DriftEntry entry) =>
        entry.Level > DriftLevel.None || entry.IsOtherModel || entry.IsOtherFingerprint || entry.IsUsageBeyondTolerance;

    private static string Details(DriftEntry entry)
    {
        var details = new List<string>();
        if (entry.Similarity is { } similarity)
            details.Add(string.Create(CultureInfo.InvariantCulture, $"similarity {similarity:0.000}"));
        if (entry.IsOtherModel)
            details.Add($"model {entry.RecordedModel ?? "unknown"} -> {entry.Model ?? "unknown"}");
        if (entry.IsOtherFingerprint)
            details.Add($"fingerprint {entry.RecordedFingerprint} -> {entry.Fingerprint}");
        if (entry.IsUsageBeyondTolerance)
            details.Add(string.Create(CultureInfo.InvariantCulture, $"tokens {entry.UsageChange * 100:+0;-0} %"));
        if (entry.Note is { } note)
            details.Add(note);
        return details.Count == 0 ? "" : ": " + string.Join(", ", details);
    }

    private static string Short(string key) => key.Length > 12 ? key[..12] : key;
}
