using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>The targets of links and of definitions in Markdown, <c>](address)</c> and <c>]: address</c>: the target goes and the text before it stays in its brackets.</summary>
internal sealed class MarkdownTarget : ICandidate
{
    private const string Rule = "exfiltration-link";

    public IReadOnlyList<string> Anchors { get; } = ["](", "]:"];

    public int Read(ref TextCursor cursor, int start, AddressPolicy policy, ref TextHitCollector hits)
    {
        var inParentheses = cursor[start + 1] == '(';
        var address = AddressReader.SkipBlanks(ref cursor, start + 2);
        // What lies in another address is found with that one.
        if (!AddressReader.CanLead(ref cursor, address) || AddressReader.IsInside(ref cursor, start))
            return start;
        var end = inParentheses || cursor[address] == '<' ? AddressReader.EndOfDestination(ref cursor, address) : AddressReader.EndOfBare(ref cursor, address);
        var isCut = end - address >= AddressReader.MaxLength;
        if (end == address || !policy.Forbids(cursor.Slice(address, end - address).TrimStart('<'), isLoaded: false, isCut))
            return start;
        if (isCut)
            return ExfiltrationHits.AddEndless(ExfiltrationHits.Marks(Rule, start + 1, end, start), ref cursor, AddressTail.Instance, ref hits);
        hits.Add(ExfiltrationHits.Marks(Rule, start + 1, inParentheses ? AddressReader.Close(ref cursor, end) : end, start));
        return start;
    }
}
