using System.Text.Json;

namespace Quickstart;

/// <summary>The desk's handbook: what a right answer is, and what the simulated models know.</summary>
internal sealed record DeskHandbook
{
    /// <summary>The answer when no entry matches.</summary>
    public required string Fallback { get; init; }

    /// <summary>Groups of phrases that mean the same to the simulated embedder.</summary>
    /// <remarks>
    /// Besides synonyms they hold what neural embedders hardly tell apart, such as models, numbers, years and units: a cache that
    /// trusts the cosine alone answers wrongly there.
    /// </remarks>
    public required IReadOnlyList<IReadOnlyList<string>> Synonyms { get; init; }

    public required IReadOnlyList<DeskEntry> Entries { get; init; }

    public static DeskHandbook Load()
    {
        using var file = BundledFile.Open(BundledFile.Handbook);
        return JsonSerializer.Deserialize(file, BundledJson.Default.DeskHandbook)
            ?? throw new InvalidOperationException("The handbook is 'null'. Give an object with 'entries'.");
    }

    public DeskEntry? Find(string? id) => id is null ? null : Entries.Single(entry => entry.Id == id);
}
