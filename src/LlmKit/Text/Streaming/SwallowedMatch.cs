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

    /// <summary>Takes what belongs to the match from a position on, and gives the position behind it.</summary>
    public int Extend(ref TextCursor cursor, int position)
    {
        var end = tail.Extend(ref cursor, position + _certain);
        _certain = 0;
        _length += end - position;
        _kept.Append(cursor.Slice(position, Math.Min(end - position, mostKept - _kept.Length)));
        return end;
    }
}
