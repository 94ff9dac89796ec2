using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Exfiltration;

/// <summary>Makes the matches of this folder.</summary>
internal static class ExfiltrationHits
{
    /// <summary>Marks that are taken out so that the text between them stays.</summary>
    public static TextHit Marks(string rule, int start, int end, int candidate) =>
        new(rule, "LINK", start, end - start, DetectionScore.High) { Erases = true, Lead = start - candidate };

    /// <summary>Adds a match that goes on behind what was looked at, and gives the index at which it is open.</summary>
    public static int AddEndless(TextHit hit, ref TextCursor cursor, UnboundedTail tail, ref TextHitCollector hits)
    {
        // Only what was decided before the end of the text is certain.
        var isCertain = !cursor.ReachedEnd;
        var end = tail.Extend(ref cursor, hit.End);
        hits.Add(hit with { Length = end - hit.Start, Tail = isCertain ? tail : null });
        return isCertain ? hit.Start : hit.Start - hit.Lead;
    }
}
