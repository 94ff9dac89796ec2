using System.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Counts the tokens of a request's texts with a user's tokenizer.</summary>
internal struct CountSink(ITokenCounter counter) : IRequestSink
{
    public long Tokens;

    public void Message() => Tokens += TokenEstimator.TokensPerMessage;

    public void Text(string text)
    {
        var count = counter.CountTokens(text);
        if (count < 0 || count > Encoding.UTF8.GetMaxByteCount(text.Length))
            throw new InvalidDataException($"The token counter gave '{count}' for a text of {text.Length} characters.");
        Tokens += count;
    }

    public void Tool(string text) => Text(text);

    public readonly void Media(AIContent content, string mediaType, ReadOnlySpan<byte> bytes)
    {
    }
}
