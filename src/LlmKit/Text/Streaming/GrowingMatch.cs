using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>A match without an upper length that is certain and may still go on; it need not be kept for that.</summary>
/// <param name="hit">The match as far as it is known, with offsets in the whole stream.</param>
/// <param name="readsRaw">Whether it goes on in the text as it stands, and not as it is seen.</param>
internal sealed class GrowingMatch(TextHit hit, bool readsRaw)
{
    private readonly TextHit _hit = hit;

    public int Start => _hit.Start;

    public int End { get; private set; } = hit.End;

    public TextHit ToHit() => _hit with { Length = End - _hit.Start, Tail = null };

    /// <summary>Whether another match that was found behind the start is known to end with this one and is no stronger.</summary>
    /// <remarks>Both have to be known as far as the text has arrived. One that reaches further already does not end here.</remarks>
    public bool Covers(in TextHit other) =>
        ReferenceEquals(other.Tail, _hit.Tail) && other.Start > _hit.Start && other.End <= End && other.Score <= _hit.Score;

    /// <summary>Takes what belongs to the match; false if it has ended.</summary>
    public bool Grow(StreamBuffer buffer)
    {
        var from = readsRaw ? End - buffer.Offset : buffer.VisibleIndexOf(End - buffer.Offset);
        var cursor = new TextCursor(readsRaw ? buffer.Text : buffer.Visible);
        var end = _hit.Tail!.Extend(ref cursor, from);
        if (end > from)
            End = buffer.Offset + (readsRaw ? end : buffer.EndOf(end));
        return cursor.ReachedEnd;
    }

    /// <summary>Takes everything up to an index of the stream: it was not decided in time.</summary>
    public void GrowTo(int end) => End = Math.Max(End, end);
}
