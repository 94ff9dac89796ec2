using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration.Addresses;

/// <summary>Reads addresses of a bounded length.</summary>
internal static class AddressReader
{
    /// <summary>The longest address that is looked at, in characters; a longer one carries data.</summary>
    public const int MaxLength = 600;

    private const int MaxBlanks = 8;
    private const int MaxTitle = 160;
    private const int MaxLead = 120;
    private const int MaxScheme = 32;

    /// <summary>Whether a character ends an address that stands by itself. U+0000 is also what lies behind the text.</summary>
    public static bool IsEnd(char c) => c <= ' ' || c is ')' or '"' or '<' or '>' or '`' or '|' or '\'' or '\u00A0' or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u3000';

    public static int SkipBlanks(ref TextCursor cursor, int position)
    {
        var start = position;
        while (position - start < MaxBlanks && cursor[position] is ' ' or '\t' or '\n' or '\r')
            position++;
        return position;
    }

    /// <summary>Whether an index lies in an address that began shortly before.</summary>
    public static bool IsInside(ref TextCursor cursor, int index)
    {
        var before = cursor.Before(index, MaxLead);
        for (var i = before.Length - 1; i >= 0; i--)
        {
            if (IsEnd(before[i]))
            {
                before = before[(i + 1)..];
                break;
            }
        }

        return before.Contains("://", StringComparison.Ordinal);
    }

    /// <summary>Whether an address can lead to another host, by its first few characters: cheap, and false only if it cannot.</summary>
    public static bool CanLead(ref TextCursor cursor, int start)
    {
        start += cursor[start] == '<' ? 1 : 0;
        if (cursor[start] == '/')
            return cursor[start + 1] is '/' or '\\' or < ' ' or '&' or > '~';
        for (var i = start; i - start < MaxScheme; i++)
        {
            var c = cursor[i];
            if (c is ':' or '\\' or '&' or > '~' || (c < ' ' && c != '\0'))
                return true;
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return false;
        }

        return false;
    }

    /// <summary>The end of an address that stands by itself; at the most <see cref="MaxLength"/> behind its start.</summary>
    public static int EndOfBare(ref TextCursor cursor, int start)
    {
        var end = start;
        while (end - start < MaxLength && !IsEnd(cursor[end]))
            end++;
        return end;
    }

    /// <summary>The end of an address without the marks that end the sentence.</summary>
    public static int TrimEnd(ref TextCursor cursor, int start, int end)
    {
        while (end > start && cursor[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or '*' or '_')
            end--;
        return end;
    }

    /// <summary>The end of an address in parentheses, which may hold such pairs itself, or between angle brackets.</summary>
    public static int EndOfDestination(ref TextCursor cursor, int start)
    {
        if (cursor[start] == '<')
            return EndOfQuoted(ref cursor, start + 1, '>');
        var depth = 0;
        var end = start;
        for (; end - start < MaxLength; end++)
        {
            var c = cursor[end];
            if (c <= ' ' || (c == ')' && depth-- == 0))
                break;
            depth += c == '(' ? 1 : 0;
            end += c == '\\' && cursor[end + 1] > ' ' ? 1 : 0;
        }

        return end;
    }

    /// <summary>The index of a closing mark, or of a line end before it.</summary>
    public static int EndOfQuoted(ref TextCursor cursor, int start, char mark)
    {
        var end = start;
        while (end - start < MaxLength && cursor[end] != mark && cursor[end] is not ('\n' or '\0'))
            end++;
        return end;
    }

    /// <summary>The index behind the parenthesis that closes a destination, with its title if there is one; the end of the address if it is not closed.</summary>
    public static int Close(ref TextCursor cursor, int end)
    {
        var position = SkipBlanks(ref cursor, cursor[end] == '>' ? end + 1 : end);
        if (cursor[position] is '"' or '\'')
        {
            var (title, quote) = (position, cursor[position]);
            for (position++; position - title < MaxTitle && cursor[position] != quote && cursor[position] != '\0';)
                position++;
            position++;
        }

        for (var start = position; position - start < MaxTitle && cursor[position] is not ('\n' or '\0'); position++)
        {
            if (cursor[position] == ')')
                return position + 1;
        }

        return end;
    }
}
