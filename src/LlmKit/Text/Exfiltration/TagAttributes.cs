using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>Reads the attributes of one tag: whether an address among them has to go, and where the alternative text stands.</summary>
internal ref struct TagAttributes(AddressPolicy policy, bool isLoading)
{
    public bool IsForbidden { get; private set; }

    public int TextStart { get; private set; }

    public int TextEnd { get; private set; }

    /// <summary>Reads to behind the bracket that closes the tag; -1 if it does not come before the limit. The end of the text closes it too.</summary>
    public int Read(ref TextCursor cursor, int position, int limit)
    {
        while (position < limit)
        {
            var c = cursor[position];
            if (c == '>')
                return position + 1;
            if (cursor.ReachedEnd)
                return position;
            if (c <= ' ' || c is '/' or '=' or '"' or '\'')
                position++;
            else
                position = ReadAttribute(ref cursor, position, limit);
        }

        return -1;
    }

    private int ReadAttribute(ref TextCursor cursor, int start, int limit)
    {
        var end = start;
        while (end < limit && cursor[end] > ' ' && cursor[end] is not ('=' or '>' or '/'))
            end++;
        var equals = SkipBlanks(ref cursor, end, limit);
        if (cursor[equals] != '=')
            return equals;

        var value = SkipBlanks(ref cursor, equals + 1, limit);
        var quote = cursor[value] is '"' or '\'' ? cursor[value] : '\0';
        value += quote == '\0' ? 0 : 1;
        var close = value;
        while (close < limit && !IsEnd(cursor[close], quote) && !cursor.ReachedEnd)
            close++;
        Judge(cursor.Slice(start, end - start), cursor.Slice(value, close - value), value);
        return close;
    }

    private static int SkipBlanks(ref TextCursor cursor, int position, int limit)
    {
        while (position < limit && cursor[position] is ' ' or '\t' or '\n' or '\r')
            position++;
        return position;
    }

    private static bool IsEnd(char c, char quote) => quote == '\0' ? c is ' ' or '\t' or '\n' or '\r' or '>' : c == quote;

    private void Judge(ReadOnlySpan<char> name, ReadOnlySpan<char> value, int start)
    {
        if (name.Equals("alt", StringComparison.OrdinalIgnoreCase))
            (TextStart, TextEnd) = (start, start + value.Length);
        else if (name.Equals("srcset", StringComparison.OrdinalIgnoreCase) || name.Equals("ping", StringComparison.OrdinalIgnoreCase))
            JudgeEach(value);
        else if (name.Equals("style", StringComparison.OrdinalIgnoreCase))
            JudgeBehind(value, "url(", isLoaded: true);
        else if (name.Equals("content", StringComparison.OrdinalIgnoreCase))
            JudgeBehind(value, "url=", isLoaded: true);
        else if (IsAddress(name))
            IsForbidden |= policy.Forbids(value, isLoading);
    }

    private static bool IsAddress(ReadOnlySpan<char> name) => name.Equals("src", StringComparison.OrdinalIgnoreCase)
        || name.Equals("href", StringComparison.OrdinalIgnoreCase) || name.EndsWith(":href", StringComparison.OrdinalIgnoreCase)
        || name.Equals("data", StringComparison.OrdinalIgnoreCase) || name.Equals("poster", StringComparison.OrdinalIgnoreCase)
        || name.Equals("action", StringComparison.OrdinalIgnoreCase) || name.Equals("formaction", StringComparison.OrdinalIgnoreCase)
        || name.Equals("background", StringComparison.OrdinalIgnoreCase);

    private void JudgeEach(ReadOnlySpan<char> value)
    {
        foreach (var range in value.SplitAny(" ,\t\n\r"))
            IsForbidden |= !value[range].IsEmpty && policy.Forbids(value[range], isLoaded: true);
    }

    private void JudgeBehind(ReadOnlySpan<char> value, string mark, bool isLoaded)
    {
        var index = value.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        if (index >= 0)
            IsForbidden |= policy.Forbids(value[(index + mark.Length)..].Trim("\"' "), isLoaded);
    }
}
