using LlmKit.Models;

namespace LlmKit;

/// <summary>Counts the tokens of a text as one model's provider counts them: an exact tokenizer, set with <see cref="ModelOptions.TokenCounter"/>.</summary>
/// <remarks>
/// <para>It is asked for each text of a request: a message, the name and the schema of a tool, the arguments of a call. What a provider adds
/// around them (<see cref="TokenEstimator.TokensPerMessage"/>) and images are counted without it. It is asked where a count is needed:
/// near the end of a context window, for usage that was not reported, and before each attempt whose request is small, to reserve its cost.</para>
/// <para>It must be thread-safe. One that throws, or returns a number below 0 or above the number of UTF-8 bytes that a text of this length can
/// have, is logged by the exception's type and not asked again for this request; the estimate takes its place. It never fails a call.</para>
/// </remarks>
/// <seealso cref="TokenEstimator"/>
public interface ITokenCounter
{
    /// <summary>Counts the tokens of one text.</summary>
    /// <param name="text">The text, as the caller wrote it; never empty. It may hold anything, unpaired surrogates among it.</param>
    /// <returns>The number of tokens, 0 to three for each character.</returns>
    int CountTokens(ReadOnlySpan<char> text);
}
