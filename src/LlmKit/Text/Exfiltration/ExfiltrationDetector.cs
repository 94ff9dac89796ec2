using System.Buffers;
using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>Images, links and tags by which an answer sends data to a stranger.</summary>
internal sealed class ExfiltrationDetector : ISpanDetector
{
    private static readonly ICandidate[] s_candidates = [new MarkdownImage(), new MarkdownTarget(), new HtmlTag(), new BareAddress()];
    private static readonly SearchValues<string> s_anchors = SearchValues.Create([.. s_candidates.SelectMany(candidate => candidate.Anchors)], StringComparison.OrdinalIgnoreCase);
    private static readonly int s_longestAnchor = s_candidates.Max(candidate => candidate.Anchors.Max(anchor => anchor.Length));

    private readonly AddressPolicy _policy;

    public ExfiltrationDetector(IEnumerable<string> allowedHosts) => _policy = new AddressPolicy(new AllowedHosts(allowedHosts));

    public string Name => "exfiltration";

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        while (from < text.Length)
        {
            var offset = text[from..].IndexOfAny(s_anchors);
            if (offset < 0)
                return;
            from += offset;
            Read(ref cursor, from++, ref hits);
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        // Near the end an anchor may have arrived in part, so every index is tried there.
        var cursor = new TextCursor(text);
        var ignored = new TextHitCollector(DetectionScore.High, []);
        var tail = text.Length - s_longestAnchor;
        var open = text.Length;
        for (; from < open; from++)
        {
            if (from < tail)
            {
                var offset = text[from..].IndexOfAny(s_anchors);
                from = offset < 0 ? tail : Math.Min(tail, from + offset);
            }

            var at = Read(ref cursor, from, ref ignored);
            if (cursor.ReachedEnd)
                open = Math.Min(open, Math.Max(from, at));
        }

        return open;
    }

    /// <summary>Reads what starts at an index, and gives where it is open if the cursor reached the end.</summary>
    private int Read(ref TextCursor cursor, int start, ref TextHitCollector hits)
    {
        cursor.ReachedEnd = false;
        if (IsEscaped(ref cursor, start))
            return start;
        foreach (var candidate in s_candidates)
        {
            if (BeginsWithAnchor(ref cursor, start, candidate))
                return candidate.Read(ref cursor, start, _policy, ref hits);
        }

        return start;
    }

    private static bool BeginsWithAnchor(ref TextCursor cursor, int start, ICandidate candidate)
    {
        foreach (var anchor in candidate.Anchors)
        {
            var i = 0;
            while (i < anchor.Length && char.ToLowerInvariant(cursor[start + i]) == anchor[i])
                i++;
            if (i == anchor.Length)
                return true;
        }

        return false;
    }

    // A mark behind an odd number of backslashes is no mark.
    private static bool IsEscaped(ref TextCursor cursor, int start)
    {
        const int Most = 16;
        var count = 0;
        while (count < Most && cursor[start - 1 - count] == '\\')
            count++;
        return count % 2 == 1;
    }
}
