using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>Addresses that stand by themselves, which most programs show as links.</summary>
internal sealed class BareAddress : ICandidate
{
    public IReadOnlyList<string> Anchors { get; } = ["http://", "https://"];

    public int Read(ref TextCursor cursor, int start, AddressPolicy policy, ref TextHitCollector hits)
    {
        if (AddressReader.IsInside(ref cursor, start))
            return start;
        var end = AddressReader.EndOfBare(ref cursor, start);
        var isCut = end - start >= AddressReader.MaxLength;
        if (!isCut)
            end = AddressReader.TrimEnd(ref cursor, start, end);
        if (!policy.Forbids(cursor.Slice(start, end - start), isLoaded: false, isCut))
            return start;
        var hit = new TextHit("exfiltration-address", "LINK", start, end - start, DetectionScore.High);
        if (isCut)
            return ExfiltrationHits.AddEndless(hit, ref cursor, AddressTail.Instance, ref hits);
        hits.Add(hit);
        return start;
    }
}
