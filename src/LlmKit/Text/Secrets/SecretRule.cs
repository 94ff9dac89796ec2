using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets;

/// <summary>One family of secrets, found at fixed words.</summary>
internal abstract class SecretRule(string name, params string[] anchors)
{
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

    /// <summary>Whether a value could be random: 3 bits a character or more by its own frequencies, and no word of a placeholder in it.</summary>
    protected static bool IsRandom(ReadOnlySpan<char> value) => Entropy.IsHigh(value) && !PlaceholderWords.AreIn(value);
}
