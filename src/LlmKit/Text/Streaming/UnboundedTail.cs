using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>Continues a match that has no upper length, from any position that already belongs to it, without its beginning.</summary>
/// <remarks>
/// Stateless, so that a stream may forget what it has taken. From wherever it goes on within a match, it ends where that match ends: of
/// the matches that begin inside each other only the first is followed, which keeps a search for all of them linear.
/// </remarks>
internal abstract class UnboundedTail
{
    /// <summary>Gives the end of the match as far as the text tells; the match may go on if the cursor reached the end.</summary>
    public int Extend(ref TextCursor cursor, int position)
    {
        if (cursor.TryRecall(this, position, out var end))
            return end;
        var earlier = cursor.ReachedEnd;
        cursor.ReachedEnd = false;
        end = Follow(ref cursor, position);
        cursor.Remember(this, position, end);
        cursor.ReachedEnd |= earlier;
        return end;
    }

    /// <summary>Reads on from a position of the match to its end.</summary>
    protected abstract int Follow(ref TextCursor cursor, int position);
}
