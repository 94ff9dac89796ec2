namespace LlmKit.Text.Scanning;

/// <summary>A detector that decides for each start on its own, by reading a bounded stretch to its right.</summary>
internal abstract class ProbeDetector : ISpanDetector
{
    public abstract string Name { get; }

    /// <summary>One more than the farthest that a probe reads to the right of its start, in characters.</summary>
    protected abstract int Reach { get; }

    public virtual void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var start = NextStart(text, from); start < text.Length; start = NextStart(text, start + 1))
        {
            if (TryProbe(ref cursor, start, out var hit))
                hits.Add(hit);
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        var cursor = new TextCursor(text);
        var first = Math.Max(from, text.Length - Reach);
        for (var start = NextStart(text, first); start < text.Length; start = NextStart(text, start + 1))
        {
            TryProbe(ref cursor, start, out _);
            if (cursor.ReachedEnd)
                return start;
        }

        return text.Length;
    }

    /// <summary>The next index at or behind another at which a match may start; the length of the text if there is none.</summary>
    protected abstract int NextStart(ReadOnlySpan<char> text, int from);

    /// <summary>Whether a match starts here, reading nothing else than the cursor.</summary>
    protected abstract bool TryProbe(ref TextCursor cursor, int start, out TextHit hit);
}
