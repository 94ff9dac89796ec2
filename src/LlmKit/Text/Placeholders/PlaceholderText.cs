namespace LlmKit.Text.Placeholders;

/// <summary>How a placeholder is written: a kind in upper case, an underscore and a number, in brackets.</summary>
internal static class PlaceholderText
{
    /// <summary>The most characters of a placeholder: what a stream holds back at most to see one whole.</summary>
    public const int MostLength = 64;

    /// <summary>The next index at or behind another at which a placeholder may begin; the length of the text if there is none.</summary>
    public static int NextStart(ReadOnlySpan<char> text, int from)
    {
        var offset = text[from..].IndexOf('[');
        return offset < 0 ? text.Length : from + offset;
    }

    /// <summary>The length of the placeholder with which a text begins; 0 for none; -1 where the text ends before that can be told.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        var (digits, name) = (0, 0);
        for (var i = 1; i < MostLength; i++)
        {
            if (i == text.Length)
                return -1;
            var c = text[i];
            if (c == ']')
                return digits > 0 && text[i - digits - 1] == '_' && name > digits + 1 ? i + 1 : 0;
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c != '_')
                return 0;
            name++;
            digits = char.IsAsciiDigit(c) ? digits + 1 : 0;
        }

        return 0;
    }
}
