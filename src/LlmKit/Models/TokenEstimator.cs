using System.Text;

namespace LlmKit.Models;

/// <summary>Estimates tokens from text, for what a provider did not report and for what must be reserved beforehand.</summary>
/// <remarks>
/// Thread-safe, without state, linear in the text and free of allocation. The rule follows how byte-pair tokenizers split:
/// a run of Latin letters costs a token per four letters, digits one per three, every other printable character one, a letter of
/// another alphabet half, an ideograph one; white space is part of the word that follows it. An estimate is always marked as one where
/// it is used.
/// </remarks>
public static class TokenEstimator
{
    /// <summary>The tokens that a chat message costs beside its text: role and separators.</summary>
    public const int TokensPerMessage = 4;

    /// <summary>Estimates the tokens of a text.</summary>
    /// <param name="text">The text; empty costs nothing.</param>
    /// <returns>The likely number of tokens, 0 or more.</returns>
    public static int Estimate(ReadOnlySpan<char> text)
    {
        var counter = default(TokenCounter);
        counter.Add(text);
        return (int)Math.Min(int.MaxValue, counter.Total);
    }

    /// <summary>Gives a number of tokens that a text is most unlikely to exceed: what a budget reserves. Much faster than an estimate.</summary>
    /// <param name="text">The text; empty costs nothing.</param>
    /// <returns>Half the UTF-8 bytes, rounded up: twice what prose takes.</returns>
    public static int WorstCase(ReadOnlySpan<char> text) => (Encoding.UTF8.GetByteCount(text) + 1) / 2;
}
