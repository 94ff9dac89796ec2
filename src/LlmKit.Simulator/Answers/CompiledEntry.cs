using System.Globalization;
using System.Text.RegularExpressions;
using LlmKit.Simulator.Handbooks;
using LlmKit.Simulator.Wire;

namespace LlmKit.Simulator.Answers;

/// <summary>An entry of the handbook with its terms and pattern prepared.</summary>
internal sealed class CompiledEntry
{
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(5);

    private readonly string[][] _when;
    private readonly string[][] _unless;
    private readonly Regex? _pattern;

    private CompiledEntry(HandbookEntry entry, Regex? pattern)
    {
        Entry = entry;
        _when = [.. entry.When.Select(Alternatives)];
        _unless = [.. entry.Unless.Select(Alternatives)];
        _pattern = pattern;
    }

    public HandbookEntry Entry { get; }

    public int Terms => _when.Length;

    public static CompiledEntry From(HandbookEntry entry)
    {
        if (string.IsNullOrWhiteSpace(entry.Id))
            throw new LlmException("A handbook entry has no 'id'. Give every entry a name.");
        if (entry.When.Count == 0 || entry.When.Concat(entry.Unless).Any(term => Alternatives(term).Length == 0))
            throw new LlmException($"The handbook entry '{entry.Id}' has no term in 'when', or an empty one. Give at least one word.");

        try
        {
            var pattern = entry.Tool?.Pattern;
            return new(entry, pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant, PatternLimit));
        }
        catch (ArgumentException exception)
        {
            throw new LlmException($"The tool pattern of the handbook entry '{entry.Id}' is not a regular expression. Correct it.", exception);
        }
    }

    /// <summary>Says whether the entry answers a message.</summary>
    /// <param name="normalised">The message, as <see cref="Phrase.Normalise"/> gives it.</param>
    public bool Matches(string normalised) =>
        Array.TrueForAll(_when, term => Occurs(term, normalised)) && !Array.Exists(_unless, term => Occurs(term, normalised));

    /// <summary>Makes the arguments of the tool call from a message, or nothing if the pattern does not match it.</summary>
    public string? ArgumentsFor(string message)
    {
        var match = _pattern?.Match(message);
        if (match is { Success: false })
            return null;

        return JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, template) in Entry.Tool!.Arguments)
                writer.WriteString(name, Fill(template, match));
            writer.WriteEndObject();
        });
    }

    private static string Fill(string template, Match? match)
    {
        if (match is null)
            return template;

        for (var i = 0; i < match.Groups.Count; i++)
            template = template.Replace(string.Create(CultureInfo.InvariantCulture, $"{{{i}}}"), match.Groups[i].Value, StringComparison.Ordinal);
        return template;
    }

    private static bool Occurs(string[] alternatives, string normalised) =>
        Array.Exists(alternatives, alternative => normalised.Contains(alternative, StringComparison.Ordinal));

    private static string[] Alternatives(string term) =>
        [.. term.Split('|').Select(Phrase.Normalise).Where(phrase => phrase.Length > 1)];
}
