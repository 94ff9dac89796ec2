using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets;

/// <summary>One family of secrets, found at fixed words.</summary>
internal abstract class SecretRule(string name, params string[] anchors)
{
    private static readonly SearchValues<string> s_placeholders = SearchValues.Create(
        ["example", "placeholder", "redacted", "changeme", "dummy", "****", "....", "00000000"],
        StringComparison.OrdinalIgnoreCase);

    // In letters of any case, words so short stand in one random token of some ten thousand.
    private static readonly SearchValues<string> s_shortPlaceholders = SearchValues.Create(["xxxx", "XXXX", "your", "Your", "YOUR"], StringComparison.Ordinal);

    public string Name => name;

    /// <summary>The words, one of which stands at the position of every probe. Case matters.</summary>
    public IReadOnlyList<string> Anchors => anchors;

    /// <summary>The words to search for: the anchors, or longer ones that begin with them. Words of three characters and more are found much faster.</summary>
    public virtual IEnumerable<string> Words => anchors;

    /// <summary>Whether a secret starts at or shortly behind an anchor.</summary>
    public abstract bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit);

    protected TextHit Hit(int start, int end, DetectionScore score, Streaming.UnboundedTail? tail = null) =>
        new(name, "SECRET", start, end - start, score) { Tail = tail };

    /// <summary>Reads the anchor and gives the position behind it, or -1.</summary>
    protected int SkipAnchor(ref TextCursor cursor, int position)
    {
        foreach (var anchor in anchors)
        {
            if (cursor.StartsWith(position, anchor))
                return position + anchor.Length;
        }

        return -1;
    }

    /// <summary>Whether a value could be random: no placeholder, and 3 bits a character or more by its own frequencies.</summary>
    protected static bool IsRandom(ReadOnlySpan<char> value) => Entropy.IsHigh(value) && !HasPlaceholder(value);

    /// <summary>Whether a value says of itself that it is none.</summary>
    protected static bool HasPlaceholder(ReadOnlySpan<char> value) => value.ContainsAny(s_placeholders) || value.ContainsAny(s_shortPlaceholders);
}
