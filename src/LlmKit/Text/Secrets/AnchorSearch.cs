using System.Buffers;
using System.Runtime.CompilerServices;

namespace LlmKit.Text.Secrets;

/// <summary>Searches for many words in a few passes: one search for all of them would be many times slower than the passes together.</summary>
/// <remarks>The vectorised search of the runtime takes 80 words at most, and beyond some 50 it stops at much that is none of them.</remarks>
internal sealed class AnchorSearch
{
    private const int MostPasses = 8;
    private const int WordsInPass = 34;

    private readonly SearchValues<string>[] _passes;

    public AnchorSearch(IReadOnlyCollection<string> words)
    {
        // A word that begins with another is found with that one. Sorted, since words with one beginning cost a pass no more than one of them.
        _passes = [.. words.Distinct()
            .Where(word => !words.Any(other => other.Length < word.Length && word.StartsWith(other, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Chunk(Math.Max(WordsInPass, (words.Count / MostPasses) + 1))
            .Select(pass => SearchValues.Create(pass, StringComparison.Ordinal))];
    }

    /// <summary>The index of the next word at or behind an index; the length of the text if there is none.</summary>
    public int Next(ReadOnlySpan<char> text, int from, ref Positions positions)
    {
        var next = text.Length;
        for (var i = 0; i < _passes.Length; i++)
        {
            // Kept one higher, so that zero is a pass that has not begun.
            if (positions[i] <= from)
            {
                var offset = from < text.Length ? text[from..].IndexOfAny(_passes[i]) : -1;
                positions[i] = (offset < 0 ? text.Length : from + offset) + 1;
            }

            next = Math.Min(next, positions[i] - 1);
        }

        return next;
    }

    /// <summary>How far each pass is in one text; it begins as its default.</summary>
    [InlineArray(MostPasses)]
    public struct Positions
    {
        private int _first;
    }
}
