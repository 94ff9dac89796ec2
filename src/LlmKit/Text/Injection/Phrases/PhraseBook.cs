using LlmKit.Text.Injection.Words;

namespace LlmKit.Text.Injection.Phrases;

/// <summary>The rules and phrases of a table, ready for the scan.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class PhraseBook(PhraseRule[] rules, Phrase[] phrases, int setCount, Lexicon lexicon, ForgedMarks marks)
{
    /// <summary>The built-in phrases.</summary>
    public static PhraseBook Default { get; } = PhraseTable.Compile(OverridePhrases.Table, PersonaPhrases.Table, LeakPhrases.Table, ForeignPhrases.Table);

    public PhraseRule[] Rules => rules;

    public Phrase[] Phrases => phrases;

    public int SetCount => setCount;

    public Lexicon Lexicon => lexicon;

    public ForgedMarks Marks => marks;
}
