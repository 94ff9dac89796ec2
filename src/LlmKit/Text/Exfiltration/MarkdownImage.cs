using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>Images of Markdown (CommonMark 6.4): the marks go and the alternative text stays. An image by reference becomes a link, which nothing loads.</summary>
internal sealed class MarkdownImage : ICandidate
{
    private const int MaxText = 256;
    private const int MaxNesting = 8;
    private const string Rule = "exfiltration-image";

    public IReadOnlyList<string> Anchors { get; } = ["!["];

    public int Read(ref TextCursor cursor, int start, AddressPolicy policy, ref TextHitCollector hits)
    {
        var text = start + 2;
        if (!TryFindEnd(ref cursor, text, out var close))
            return start;
        // Alternative text that is too long, or an address somewhere else: without its mark it is no image, whatever follows.
        if (cursor[close] != ']' || cursor[close + 1] == '[')
            hits.Add(ExfiltrationHits.Marks(Rule, start, start + 1, start));
        return cursor[close] == ']' && cursor[close + 1] == '(' ? ReadInline(ref cursor, start, close, policy, ref hits) : start;
    }

    private static int ReadInline(ref TextCursor cursor, int start, int close, AddressPolicy policy, ref TextHitCollector hits)
    {
        var address = AddressReader.SkipBlanks(ref cursor, close + 2);
        if (!AddressReader.CanLead(ref cursor, address))
            return start;
        var end = AddressReader.EndOfDestination(ref cursor, address);
        var isCut = end - address >= AddressReader.MaxLength;
        if (!policy.Forbids(cursor.Slice(address, end - address).TrimStart('<'), isLoaded: true, isCut))
            return start;

        hits.Add(ExfiltrationHits.Marks(Rule, start, start + 2, start));
        if (isCut)
            return ExfiltrationHits.AddEndless(ExfiltrationHits.Marks(Rule, close, end, start), ref cursor, AddressTail.Instance, ref hits);
        hits.Add(ExfiltrationHits.Marks(Rule, close, AddressReader.Close(ref cursor, end), start));
        return start;
    }

    // Brackets inside stand in pairs; an empty line ends the paragraph and with it the image.
    private static bool TryFindEnd(ref TextCursor cursor, int start, out int end)
    {
        var depth = 0;
        for (end = start; end - start < MaxText && depth < MaxNesting; end++)
        {
            var c = cursor[end];
            if (cursor.ReachedEnd || (c == '\n' && cursor[end + 1] is '\n' or '\r'))
                return false;
            if (c == ']' && depth-- == 0)
                return true;
            depth += c == '[' ? 1 : 0;
            end += c == '\\' && cursor[end + 1] > ' ' ? 1 : 0;
        }

        return true;
    }
}
