using System.Text;

namespace Quickstart;

/// <summary>Finds the entry that answers a question, by the rule of the simulated models, to check the workload against the handbook.</summary>
internal sealed class HandbookMatcher(DeskHandbook handbook)
{
    /// <summary>The entries with the most terms of all that match; more than one means that only their order in the file decides.</summary>
    public IReadOnlyList<DeskEntry> Best(string question)
    {
        var words = Normalise(question);
        var matching = handbook.Entries.Where(entry => Matches(entry, words)).ToList();
        var most = matching.Select(entry => entry.When.Count).DefaultIfEmpty().Max();
        return [.. matching.Where(entry => entry.When.Count == most)];
    }

    private static bool Matches(DeskEntry entry, string words) =>
        entry.When.All(term => Occurs(term, words)) && !entry.Unless.Any(term => Occurs(term, words));

    private static bool Occurs(string term, string words) =>
        term.Split('|').Any(phrase => words.Contains(Normalise(phrase), StringComparison.Ordinal));

    // Lower case, with one blank around every word, so that a phrase is found only as whole words.
    private static string Normalise(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                result.Append(char.ToLowerInvariant(c));
            else if (result[^1] != ' ')
                result.Append(' ');
        }

        return result[^1] == ' ' ? result.ToString() : result.Append(' ').ToString();
    }
}
