namespace LlmKit.Text.Injection.Words;

/// <summary>A word or a stem, the sets it belongs to and the phrases that may end with it.</summary>
internal sealed class LexiconEntry(string word, bool isStem, int[] sets, int[] phrases)
{
    private LexiconEntry? _atLineStart;
    private LexiconEntry? _beforeColon;
    private LexiconEntry? _asLabel;

    public string Word => word;

    public bool IsStem => isStem;

    public int[] Sets => sets;

    public int[] Phrases => phrases;

    /// <summary>Whether phrases tell the word apart at the beginning of a line or before a colon.</summary>
    public bool HasMarks => _asLabel is not null;

    /// <summary>The entry with those of the word at the beginning of a line, before a colon, and at both.</summary>
    public LexiconEntry WithMarks(LexiconEntry atLineStart, LexiconEntry beforeColon, LexiconEntry asLabel) => new(word, isStem, sets, phrases)
    {
        _atLineStart = atLineStart,
        _beforeColon = beforeColon,
        _asLabel = asLabel,
    };

    /// <summary>The entry for the place where the word stands.</summary>
    public LexiconEntry Marked(bool atLineStart, bool beforeColon) => (atLineStart, beforeColon) switch
    {
        (true, true) => _asLabel!,
        (true, false) => _atLineStart!,
        (false, true) => _beforeColon!,
        _ => this,
    };
}
