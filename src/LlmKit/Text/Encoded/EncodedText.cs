using LlmKit.Text.Scanning;

namespace LlmKit.Text.Encoded;

/// <summary>Decodes what is encoded in a whole text, so that a caller can search it like any other text.</summary>
/// <remarks>
/// Of each blob 8 KiB are decoded, and what was decoded once more at the most. Every decoding is shorter than what it was made of, by
/// a quarter or more, so that all of them together stay below twice the length of the text. Nothing is allocated where nothing is encoded.
/// </remarks>
internal static class EncodedText
{
    /// <summary>How many times a text is decoded.</summary>
    public const int MaxDepth = 2;

    /// <summary>The most characters of a blob that make 8 KiB.</summary>
    public const int MostOfBlob = 8 * 1024 * 4 / 3 / 4 * 4;

    /// <summary>Gives every decoded text to a visitor, the outer before the inner, until it returns false.</summary>
    public static void Decode(ReadOnlySpan<char> text, Func<DecodedText, bool> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        Visit(text, null, MostOfBlob, visit);
    }

    /// <summary>Visits what is in a text that was decoded itself.</summary>
    public static bool Visit(ReadOnlySpan<char> text, DecodedText? outer, int mostOfBlob, Func<DecodedText, bool> visit)
    {
        var cursor = new TextCursor(text);
        for (var start = BlobReader.NextRun(text, 0); start < text.Length;)
        {
            var isBlob = BlobReader.TryReadRun(ref cursor, start, mostOfBlob, out var blob);
            if (isBlob && !VisitBlob(text, blob, outer, mostOfBlob, visit))
                return false;
            start = BlobReader.NextRun(text, blob.End);
        }

        for (var start = BlobReader.NextEscape(text, 0); start < text.Length;)
        {
            var isBlob = BlobReader.TryReadEscapes(ref cursor, start, mostOfBlob, out var blob);
            if (isBlob && !VisitBlob(text, blob, outer, mostOfBlob, visit))
                return false;
            start = BlobReader.NextEscape(text, Math.Max(blob.End, start + 1));
        }

        return true;
    }

    private static bool VisitBlob(ReadOnlySpan<char> text, Blob blob, DecodedText? outer, int mostOfBlob, Func<DecodedText, bool> visit)
    {
        if (BlobDecoder.Decode(text[blob.Start..blob.End], blob.Kind) is not { } decoded)
            return true;
        var found = outer is { } whole
            ? whole with { Depth = whole.Depth + 1, Text = decoded }
            : new DecodedText(blob.Start, blob.End - blob.Start, 1, decoded);
        return visit(found) && (found.Depth >= MaxDepth || Visit(decoded, found, mostOfBlob, visit));
    }
}
