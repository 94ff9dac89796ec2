using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets;

/// <summary>API keys, tokens, private keys and passwords in URLs: one search for all reserved words, then the rule of the word.</summary>
internal sealed class SecretDetector : ISpanDetector
{
    private readonly SearchValues<string> _anchors;
    private readonly SecretRule[]?[] _byFirst = new SecretRule[128][];
    private readonly int _longestAnchor;

    public SecretDetector()
    {
        string[] anchors = [.. SecretRules.All.SelectMany(rule => rule.Anchors)];
        _anchors = SearchValues.Create(anchors, StringComparison.Ordinal);
        _longestAnchor = anchors.Max(anchor => anchor.Length);
        foreach (var first in anchors.Select(anchor => anchor[0]).Distinct())
            _byFirst[first] = [.. SecretRules.All.Where(rule => rule.Anchors.Any(anchor => anchor[0] == first))];
    }

    public string Name => "secrets";

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        while (from < text.Length)
        {
            var offset = text[from..].IndexOfAny(_anchors);
            if (offset < 0)
                return;
            from += offset;
            var found = TryMatch(ref cursor, from, out var hit);
            if (found)
                hits.Add(hit);
            from = Next(from, found, hit);
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        // Near the end an anchor may have arrived in part, so every index is tried there.
        var cursor = new TextCursor(text);
        var tail = text.Length - _longestAnchor;
        while (from < text.Length)
        {
            if (from < tail)
            {
                var offset = text[from..].IndexOfAny(_anchors);
                from = offset < 0 ? tail : Math.Min(tail, from + offset);
            }

            var found = TryMatch(ref cursor, from, out var hit);
            if (cursor.ReachedEnd)
                return from;
            from = Next(from, found, hit);
        }

        return text.Length;
    }

    // What begins inside a match without an upper length belongs to it.
    private static int Next(int from, bool found, TextHit hit) => found && hit.Tail is not null ? hit.End : from + 1;

    private bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        cursor.ReachedEnd = false;
        var first = cursor[anchor];
        if (first >= 128 || _byFirst[first] is not { } rules)
            return false;
        foreach (var rule in rules)
        {
            var undecided = cursor.ReachedEnd;
            if (!rule.TryMatch(ref cursor, anchor, out hit))
                continue;
            // A rule of higher rank may yet take the place, so a stream must not commit itself to this one.
            hit = hit with { Tail = undecided ? null : hit.Tail, Lead = hit.Start - anchor };
            return true;
        }

        return false;
    }
}
