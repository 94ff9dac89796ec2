using LlmKit.Text.Injection.Words;

namespace LlmKit.Text.Injection.Phrases;

/// <summary>Takes the words of a text one by one and reports the first phrase of each rule, when its last word has come.</summary>
internal ref struct PhraseMatcher(PhraseBook book, ReadOnlySpan<char> text, WordHistory history)
{
    private const int QuoteDiscount = 2;
    private const int Before = 2;

    private readonly PhraseBook _book = book;
    private readonly ReadOnlySpan<char> _text = text;
    private WordHistory _history = history;
    private ulong _found;
    private ulong _discounted;

    /// <summary>Whether a word of a phrase that was found was disguised.</summary>
    public bool IsDisguised { get; private set; }

    /// <summary>The sum of the weights of the rules found.</summary>
    public int Score { get; private set; }

    /// <summary>The phrases, in the order in which they end; null if there are none.</summary>
    public List<TextHit>? Hits { get; private set; }

    /// <summary>Ends a sentence.</summary>
    public void Break() => _history.Break();

    /// <summary>Takes a word that no phrase knows.</summary>
    public void Skip(int start) => _history.Next(start);

    /// <summary>Takes a word that phrases know.</summary>
    public void Take(LexiconEntry entry, int start, int end, bool isDisguised)
    {
        _history.Next(start);
        if (isDisguised)
            _history.Mark(_book.SetCount);
        foreach (var set in entry.Sets)
            _history.Mark(set);
        foreach (var phrase in entry.Phrases)
            Try(_book.Phrases[phrase], end);
    }

    /// <summary>Takes a forged delimiter if one stands at an index, and gives its length, else 0.</summary>
    public int TakeMark(int start, bool atLineStart)
    {
        if (!_book.Marks.TryMatch(_text, start, atLineStart, out var rule, out var length))
            return 0;
        if (!IsDone(rule))
            Report(rule, start, start + length);
        return length;
    }

    private readonly bool IsDone(int rule) => (_found & (1UL << rule)) != 0;

    private void Try(Phrase phrase, int end)
    {
        if (IsDone(phrase.Rule))
            return;
        var words = 1UL;
        for (var i = phrase.Sets.Length - 2; i >= 0 && words != 0; i--)
            words = WordHistory.Before(words, phrase.Gaps[i]) & _history.Of(phrase.Sets[i]);
        if (words != 0 && phrase.Unless >= 0)
            words &= ~WordHistory.After(_history.Of(phrase.Unless), Before);
        if (words == 0)
            return;

        var first = WordHistory.Nearest(words);
        if (Report(phrase.Rule, _history.StartOf(first), end))
            IsDisguised |= (_history.Of(_book.SetCount) & ((2UL << first) - 1)) != 0;
    }

    // A phrase that is only talked about leaves the place to one that is meant.
    private bool Report(int rule, int start, int end)
    {
        var (name, weight, _) = _book.Rules[rule];
        var bit = 1UL << rule;
        var wasDiscounted = (_discounted & bit) != 0;
        if (DiscussedText.IsDiscussed(_text, start, end - start))
        {
            if (wasDiscounted || weight <= QuoteDiscount)
                return false;
            _discounted |= bit;
            Score += weight - QuoteDiscount;
        }
        else
        {
            _found |= bit;
            Score += wasDiscounted ? QuoteDiscount : weight;
            if (wasDiscounted)
                Hits!.RemoveAll(hit => hit.Rule == name);
        }

        var score = weight switch { >= 3 => DetectionScore.High, 2 => DetectionScore.Medium, _ => DetectionScore.Low };
        (Hits ??= []).Add(new TextHit(name, "INJECTION", start, end - start, score));
        return true;
    }
}
