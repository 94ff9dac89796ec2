using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Encoded;

/// <summary>What other detectors find in encoded text. The match is the encoded stretch.</summary>
internal sealed class EncodedDetector : ISpanDetector
{
    // What a stream holds back of one blob, with room to spare; a multiple of the groups of all encodings.
    private const int MostOfBlob = 696;

    private static readonly RunTail s_letters = new(BlobKind.Letters);
    private static readonly RunTail s_escapes = new(BlobKind.Percent);

    private readonly ISpanDetector[] _inside;

    public EncodedDetector(IEnumerable<ISpanDetector> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        _inside = [.. inside];
        foreach (var detector in _inside)
            ArgumentNullException.ThrowIfNull(detector, nameof(inside));
    }

    public string Name => "encoded";

    /// <summary>Gets what searches the decoded text.</summary>
    public IReadOnlyList<ISpanDetector> Inside => _inside;

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var start = BlobReader.NextRun(text, from); start < text.Length; start = BlobReader.NextRun(text, start + 1))
        {
            if (TryProbe(ref cursor, start, BlobKind.Letters, out var hit))
                hits.Add(hit);
        }

        for (var start = BlobReader.NextEscape(text, from); start < text.Length; start = BlobReader.NextEscape(text, start + 1))
        {
            if (TryProbe(ref cursor, start, BlobKind.Percent, out var hit))
                hits.Add(hit);
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        var cursor = new TextCursor(text);
        var open = text.Length;
        var run = BlobReader.LastRun(text, from);
        if (run < text.Length && IsOpen(ref cursor, run, BlobKind.Letters))
            open = run;
        for (var start = BlobReader.NextEscape(text, from); start < open; start = BlobReader.NextEscape(text, start + 1))
        {
            if (IsOpen(ref cursor, start, BlobKind.Percent))
                open = start;
        }

        return open;
    }

    private bool IsOpen(ref TextCursor cursor, int start, BlobKind kind)
    {
        cursor.ReachedEnd = false;
        var isBlob = TryRead(ref cursor, start, kind, out var blob);
        // What has not ended need not be decoded yet; what goes on behind the limit is open as long as it does.
        if (!cursor.ReachedEnd && isBlob && blob.IsCut)
            TryProbe(ref cursor, start, kind, out _);
        return cursor.ReachedEnd;
    }

    private bool TryProbe(ref TextCursor cursor, int start, BlobKind kind, out TextHit hit)
    {
        hit = default;
        if (!TryRead(ref cursor, start, kind, out var blob)
            || BlobDecoder.Decode(cursor.Slice(start, blob.End - start), kind) is not { } decoded || Find(decoded) is not { } inside)
            return false;

        hit = new TextHit("encoded-" + inside.Rule, inside.Entity, start, blob.End - start, inside.Score);
        if (!blob.IsCut)
            return true;
        var tail = kind == BlobKind.Letters ? s_letters : s_escapes;
        hit = hit with { Length = tail.Extend(ref cursor, blob.End) - start, Tail = tail };
        return true;
    }

    private static bool TryRead(ref TextCursor cursor, int start, BlobKind kind, out Blob blob) => kind == BlobKind.Letters
        ? BlobReader.TryReadRun(ref cursor, start, MostOfBlob, out blob)
        : BlobReader.TryReadEscapes(ref cursor, start, MostOfBlob, out blob);

    private TextHit? Find(string decoded)
    {
        var best = FindIn(decoded);
        EncodedText.Visit(decoded, new DecodedText(0, 0, 1, decoded), MostOfBlob, inner =>
        {
            best = Better(best, FindIn(inner.Text));
            return true;
        });
        return best;
    }

    private TextHit? FindIn(string text)
    {
        var hits = new TextHitCollector(DetectionScore.Low);
        foreach (var detector in _inside)
            detector.Scan(text, 0, ref hits);
        TextHit? best = null;
        foreach (var hit in hits.Hits ?? [])
            best = Better(best, hit);
        return best;
    }

    private static TextHit? Better(TextHit? a, TextHit? b) => a is null || b?.Score > a.Value.Score ? b : a;

    private sealed class RunTail(BlobKind kind) : UnboundedTail
    {
        protected override int Follow(ref TextCursor cursor, int position)
        {
            if (kind == BlobKind.Letters)
                return BlobReader.EndOfRun(ref cursor, position);

            while (BlobReader.IsEscape(ref cursor, position))
                position += 3;
            return position;
        }
    }
}
