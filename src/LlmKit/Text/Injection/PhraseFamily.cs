using System.Buffers;
using System.Text.RegularExpressions;

namespace LlmKit.Text.Injection;

/// <summary>Phrases of one intent, with the weight they carry.</summary>
internal sealed class PhraseFamily(string rule, int weight, Regex pattern, params string[] beginnings)
{
    private readonly SearchValues<string> _beginnings = SearchValues.Create(beginnings, StringComparison.OrdinalIgnoreCase);

    public string Rule => rule;

    public int Weight => weight;

    /// <summary>Finds the next phrase from an index on; false if there is none.</summary>
    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        for (start = from; start < text.Length; start++)
        {
            var offset = text[start..].IndexOfAny(_beginnings);
            if (offset < 0)
                break;
            start += offset;
            foreach (var match in pattern.EnumerateMatches(text, start))
            {
                length = match.Length;
                return true;
            }
        }

        length = 0;
        return false;
    }
}
