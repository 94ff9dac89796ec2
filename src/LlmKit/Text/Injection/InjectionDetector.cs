using System.Runtime.CompilerServices;
using LlmKit.Text.Injection.Phrases;
using LlmKit.Text.Injection.Words;

namespace LlmKit.Text.Injection;

/// <summary>Suspects attempts to override instructions, by weighted families of phrases.</summary>
/// <remarks>
/// A first layer, cheap and explainable: it knows the phrases people use and misses what is paraphrased in plain prose; a judge does
/// the rest. It looks at whole texts, word by word, in English and fifteen other languages, and sees through invisible characters,
/// look-alike and ornamental letters, digits for letters, and letters or words set apart or run together. A phrase that is quoted to
/// be translated, explained or discussed, or that is said of an attacker, is discounted. Immutable and thread-safe; one pass, linear
/// in the text whatever it is. A text in which nothing is found costs no allocation.
/// </remarks>
public sealed class InjectionDetector
{
    private const int DisguiseWeight = 1;

    /// <summary>The default threshold: one telling phrase, or two weak ones.</summary>
    public const int DefaultThreshold = 2;

    private static readonly PhraseBook s_book = PhraseBook.Default;

    private readonly int _threshold;

    /// <summary>Creates a detector with the built-in families.</summary>
    /// <param name="threshold">The sum of weights from which a text is suspected, 1 or more; default: 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is below 1.</exception>
    public InjectionDetector(int threshold = DefaultThreshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 1);
        _threshold = threshold;
    }

    /// <summary>The detector with the default threshold.</summary>
    public static InjectionDetector Default { get; } = new();

    /// <summary>Scores a text.</summary>
    /// <param name="text">The text, as a user, a document or a tool gave it.</param>
    /// <returns>The score and the places; 0 and none for most texts.</returns>
    [SkipLocalsInit]
    public InjectionVerdict Evaluate(ReadOnlySpan<char> text)
    {
        // Of all the memory only this need be clean: what no word was counted for is never read.
        Span<int> words = stackalloc int[s_book.SetCount + 1];
        words.Clear();
        Span<ulong> bits = stackalloc ulong[s_book.SetCount + 1];
        var history = new WordHistory(bits, words, stackalloc int[WordHistory.Length]);
        var lone = new LoneLetters(stackalloc char[LoneLetters.Capacity], stackalloc int[LoneLetters.Capacity], stackalloc int[LoneLetters.Capacity]);
        var matcher = new PhraseMatcher(s_book, text, history);
        var found = new WordReader(text, s_book.Lexicon, matcher, lone, stackalloc char[WordForm.MaxLength]).Read();
        if (found.Hits is not { } hits)
            return new InjectionVerdict(0, IsSuspected: false, []);

        hits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var score = found.Score + (found.IsDisguised ? DisguiseWeight : 0);
        return new InjectionVerdict(score, score >= _threshold, hits.AsReadOnly());
    }
}
