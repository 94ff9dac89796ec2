using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>Tags of HTML that load something or lead somewhere: the tag goes and the alternative text of an image stays.</summary>
internal sealed class HtmlTag : ICandidate
{
    private const int MaxLength = 800;
    private const int MaxName = 40;
    private const string Rule = "exfiltration-tag";

    // All but the first few load as soon as they are shown.
    private static readonly string[] s_leading = ["a", "area", "form"];
    private static readonly string[] s_loading =
        ["img", "image", "iframe", "frame", "video", "audio", "source", "track", "embed", "object", "link", "script", "input", "base", "meta", "body"];

    public IReadOnlyList<string> Anchors { get; } = [.. s_leading.Concat(s_loading).Select(name => "<" + name)];

    public int Read(ref TextCursor cursor, int start, AddressPolicy policy, ref TextHitCollector hits)
    {
        // A tag that begins where another has not ended for so long has no end of its own, and is a part of that.
        if (cursor.TryRecall(TagTail.Instance, start, out var endOfOther) && endOfOther > start + MaxLength)
            return start;
        var name = EndOfName(ref cursor, start + 1);
        var tag = cursor.Slice(start + 1, name - start - 1);
        var isLoading = IsOneOf(s_loading, tag);
        if (!isLoading && !IsOneOf(s_leading, tag))
            return start;

        var attributes = new TagAttributes(policy, isLoading);
        var end = attributes.Read(ref cursor, name, start + MaxLength);
        if (end < 0)
            return ExfiltrationHits.AddEndless(ExfiltrationHits.Marks(Rule, start, start + MaxLength, start), ref cursor, TagTail.Instance, ref hits);
        if (!attributes.IsForbidden)
            return start;

        if (attributes.TextEnd > attributes.TextStart)
            hits.Add(ExfiltrationHits.Marks(Rule, start, attributes.TextStart, start));
        hits.Add(ExfiltrationHits.Marks(Rule, attributes.TextEnd > attributes.TextStart ? attributes.TextEnd : start, end, start));
        return start;
    }

    private static int EndOfName(ref TextCursor cursor, int position)
    {
        var start = position;
        while (position - start < MaxName && (char.IsAsciiLetterOrDigit(cursor[position]) || cursor[position] is '-' or ':'))
            position++;
        return position;
    }

    private static bool IsOneOf(string[] names, ReadOnlySpan<char> tag)
    {
        foreach (var name in names)
        {
            if (tag.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
