namespace LlmKit.Text.Injection.Phrases;

/// <summary>Delimiters of prompt formats, which have no business in a text from outside.</summary>
/// <remarks>Immutable and thread-safe; a place is compared with the few marks that begin with its character.</remarks>
internal sealed class ForgedMarks
{
    private const int MostBlanks = 4;

    private readonly (string Mark, int Rule)[][] _byFirst = new (string, int)[0x80][];

    public ForgedMarks(IEnumerable<(string Mark, int Rule)> marks)
    {
        foreach (var group in marks.GroupBy(mark => mark.Mark[0]))
            _byFirst[group.Key] = [.. group.OrderByDescending(mark => mark.Mark.Length)];
    }

    /// <summary>Whether a mark stands at an index. A heading is one at the beginning of a line only, with two number signs or more.</summary>
    public bool TryMatch(ReadOnlySpan<char> text, int start, bool atLineStart, out int rule, out int length)
    {
        (rule, length) = (0, 0);
        if (text[start] >= 0x80 || _byFirst[text[start]] is not { } marks)
            return false;
        var lead = text[start] == '#' ? LengthOfHeading(text[start..]) : 1;
        if (lead > 1 ? !atLineStart : text[start] == '#')
            return false;
        var rest = text[Math.Min(start + lead, text.Length)..];
        foreach (var (mark, itsRule) in marks)
        {
            if (rest.Length < mark.Length - 1 || (rest[0] | 0x20) != (mark[1] | 0x20) || !rest.StartsWith(mark.AsSpan(1), StringComparison.OrdinalIgnoreCase))
                continue;
            (rule, length) = (itsRule, lead + mark.Length - 1);
            return true;
        }

        return false;
    }

    private static int LengthOfHeading(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < Math.Min(text.Length, MostBlanks) && text[end] == '#')
            end++;
        if (end < 2)
            return 1;
        while (end < Math.Min(text.Length, 2 * MostBlanks) && text[end] == ' ')
            end++;
        return end;
    }
}
