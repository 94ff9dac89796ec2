using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Encoded;

/// <summary>Finds blobs: 40 characters of Base64 or more, 32 of hexadecimal, 6 escapes of percent-encoding in a row.</summary>
internal static class BlobReader
{
    private const int LeastBase64 = 40;
    private const int LeastHex = 32;
    private const int LeastEscapes = 6;
    private const int EscapeLength = 3;
    private const int MaxPadding = 2;

    private static readonly SearchValues<char> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-");
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789ABCDEFabcdef");

    public static bool IsLetter(char c) => s_letters.Contains(c);

    public static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_hex);

    /// <summary>The start of the next run that is long enough for a blob; the length of the text if there is none.</summary>
    public static int NextRun(ReadOnlySpan<char> text, int from)
    {
        if (from > 0 && from < text.Length && IsLetter(text[from - 1]))
            from = EndOfRun(text, from);
        // A character that ends a run rules out all starts before it, so most of a text is never read twice and much of it not at all.
        while (text.Length - from >= LeastHex)
        {
            var last = text.Slice(from, LeastHex).LastIndexOfAnyExcept(s_letters);
            if (last < 0)
                return from;
            from += last + 1;
        }

        return text.Length;
    }

    /// <summary>The start of the run at the end of a text, with its padding; the length of the text if it ends otherwise.</summary>
    public static int LastRun(ReadOnlySpan<char> text, int from)
    {
        var end = text.Length;
        while (end > from && text.Length - end < MaxPadding && text[end - 1] == '=')
            end--;
        var start = text[from..end].LastIndexOfAnyExcept(s_letters) + from + 1;
        return start == end || (start == from && from > 0 && IsLetter(text[from - 1])) ? text.Length : start;
    }

    /// <summary>The next escape that follows no other; the length of the text if there is none.</summary>
    public static int NextEscape(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            var offset = text[from..].IndexOf('%');
            if (offset < 0)
                break;
            from += offset;
            var follows = from >= EscapeLength && text[from - EscapeLength] == '%' && IsHex(text[(from - 2)..from]);
            if (!follows)
                return from;
            from++;
        }

        return text.Length;
    }

    /// <summary>The end of a run and its padding, from any position in them.</summary>
    public static int EndOfRun(ref TextCursor cursor, int position)
    {
        while (cursor[position - 1] != '=' && IsLetter(cursor[position]))
            position++;
        while (cursor[position] == '=' && (cursor[position - 1] != '=' || cursor[position - MaxPadding] != '='))
            position++;
        return position;
    }

    /// <summary>Reads the run at its start, so many characters at most.</summary>
    public static bool TryReadRun(ref TextCursor cursor, int start, int most, out Blob blob)
    {
        var end = start;
        while (end - start < most && IsLetter(cursor[end]))
            end++;
        var isCut = end - start == most && IsLetter(cursor[end]);
        var isLong = end - start >= LeastBase64 || (end - start >= LeastHex && IsHex(cursor.Slice(start, end - start)));
        if (isLong && !isCut)
        {
            for (var padding = 0; padding < MaxPadding && cursor[end] == '='; padding++)
                end++;
        }

        blob = new Blob(BlobKind.Letters, start, end, isCut);
        return isLong;
    }

    /// <summary>Reads the escapes at the first of them, so many characters at most.</summary>
    public static bool TryReadEscapes(ref TextCursor cursor, int start, int most, out Blob blob)
    {
        var end = start;
        while (end - start < most && IsEscape(ref cursor, end))
            end += EscapeLength;
        blob = new Blob(BlobKind.Percent, start, end, end - start >= most);
        return end - start >= LeastEscapes * EscapeLength;
    }

    public static bool IsEscape(ref TextCursor cursor, int index) =>
        cursor[index] == '%' && s_hex.Contains(cursor[index + 1]) && s_hex.Contains(cursor[index + 2]);

    private static int EndOfRun(ReadOnlySpan<char> text, int from)
    {
        var length = text[from..].IndexOfAnyExcept(s_letters);
        return length < 0 ? text.Length : from + length;
    }
}
