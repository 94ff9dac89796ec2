namespace LlmKit.Text.Leaks;

/// <summary>Finds runs of words of confidential texts in an answer: a system prompt or tool descriptions that come out word for word.</summary>
/// <remarks>
/// Rule <c>prompt-leak</c>, entity <c>PROMPT_LEAK</c>, score high. Words are compared without case, accents, punctuation, white space,
/// Markdown and invisible characters, so that line breaks, list marks and quotes do not hide them; the text written backwards is found
/// too. Short phrases that an answer shares with the prompt are not. Missed are paraphrases, translations, encodings such as base64, and
/// texts shorter than the run. Making one takes microseconds for a few kB, so make one for each call. Streams: held back is only a run
/// that is growing, and one that is certain is swallowed in bounded memory. Immutable, thread-safe, linear; it keeps hashes of the
/// words and not the text.
/// </remarks>
public sealed class PromptLeakDetector : ISpanDetector
{
    /// <summary>The default number of words in a row that make a leak.</summary>
    public const int DefaultWords = 8;

    private const int LeastWords = 4;
    private const int MostWords = 32;

    private readonly LeakProbe _probe;

    /// <summary>Creates a detector for one call.</summary>
    /// <param name="confidential">The texts that must not come out; read now and not kept.</param>
    /// <param name="words">The least number of words in a row, 4 to 32; default: 8. Three ideographs count as one word.</param>
    /// <exception cref="ArgumentNullException"><paramref name="confidential"/> or one of the texts is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="words"/> is outside 4 to 32.</exception>
    public PromptLeakDetector(IEnumerable<string> confidential, int words = DefaultWords)
    {
        ArgumentNullException.ThrowIfNull(confidential);
        ArgumentOutOfRangeException.ThrowIfLessThan(words, LeastWords);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(words, MostWords);
        _probe = new LeakProbe(confidential, words);
    }

    /// <inheritdoc/>
    public string Name => _probe.Name;

    /// <inheritdoc/>
    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits) => _probe.Scan(text, from, ref hits);

    /// <inheritdoc/>
    public int EarliestOpen(ReadOnlySpan<char> text, int from) => _probe.EarliestOpen(text, from);
}
