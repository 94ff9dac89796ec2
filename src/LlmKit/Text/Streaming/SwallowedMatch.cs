using System.Text;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>A match that is certain and still growing: it is counted and no longer kept, but for its beginning.</summary>
internal sealed class SwallowedMatch(TextHit hit, UnboundedTail tail, int certain, int mostKept)
{
    private readonly StringBuilder _kept = new();
    private int _certain = certain;
    private int _length;

    /// <summary>The beginning of the match.</summary>
    public string Value => _kept.ToString();

    /// <summary>The match as far as it went.</summary>
    public TextHit ToHit() => hit with { Length = _length };

    /// <summary>Gives the end of what belongs to the match from a position on.</summary>
    public int EndIn(ref TextCursor cursor, int position)
    {
        var end = tail.Extend(ref cursor, position + _certain);
        _certain = 0;
        return end;
    }

    /// <summary>Takes a piece that belongs to the match.</summary>
    public void Take(ReadOnlySpan<char> piece)
    {
        _length += piece.Length;
        _kept.Append(piece[..Math.Min(piece.Length, mostKept - _kept.Length)]);
    }
}
