using System.Runtime.InteropServices;

namespace LlmKit.Control.Caching;

/// <summary>The hashes of a text in order. Words that "and", "or" or a comma joins are sorted, as their order means nothing.</summary>
internal sealed class WordLine
{
    private readonly List<uint> _hashes = [];
    private readonly List<int> _positions = [];

    public void Add(uint hash, int position)
    {
        _hashes.Add(hash);
        _positions.Add(position);
    }

    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens, which the positions are of.</param>
    public List<uint> InOrder(string text, List<TextToken> tokens)
    {
        for (var first = 0; first < _hashes.Count;)
        {
            var last = first;
            while (last + 1 < _hashes.Count && AreJoined(text, tokens, _positions[last], _positions[last + 1]))
                last++;
            CollectionsMarshal.AsSpan(_hashes)[first..(last + 1)].Sort();
            first = last + 1;
        }

        return _hashes;
    }

    private static bool AreJoined(string text, List<TextToken> tokens, int left, int right) => (right - left) switch
    {
        1 => text.AsSpan(tokens[left].End, tokens[right].Start - tokens[left].End).Trim() is ",",
        2 => tokens[left + 1].Lower is "and" or "or" or "vs" or "versus",
        _ => false,
    };
}
