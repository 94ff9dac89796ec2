using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets;

/// <summary>API keys, tokens, private keys and passwords in URLs: one search for all reserved words, then the rule of the word.</summary>
internal sealed class SecretDetector : ISpanDetector
{
    private readonly AnchorSearch _search;
    private readonly SecretRule[]?[] _byFirst = new SecretRule[128][];
    private readonly int _longestAnchor;

    public SecretDetector()
    {
        string[] words = [.. SecretRules.All.SelectMany(rule => rule.Words)];
        _search = new AnchorSearch(words);
        _longestAnchor = words.Max(word => word.Length);
        foreach (var first in words.Select(word => word[0]).Distinct())
            _byFirst[first] = [.. SecretRules.All.Where(rule => rule.Anchors.Any(anchor => anchor[0] == first))];
    }

    public string Name => "secrets";

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        var next = default(AnchorSearch.Positions);
        for (from = _search.Next(text, from, ref next); from < text.Length; from = _search.Next(text, from, ref next))
        {
            if (TryMatch(ref cursor, from, out var hit))
                hits.Add(hit);
            from++;
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        // Near the end an anchor may have arrived in part, so every index is tried there.
        var cursor = new TextCursor(text);
        var tail = text.Length - _longestAnchor;
        var next = default(AnchorSearch.Positions);
        while (from < text.Length)
        {
            if (from < tail)
                from = Math.Min(tail, _search.Next(text, from, ref next));

            TryMatch(ref cursor, from, out _);
            if (cursor.ReachedEnd)
                return from;
            from++;
        }

        return text.Length;
    }

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
