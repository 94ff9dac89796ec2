using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Sums the worst case of a request's texts. On every call, so it neither looks at letters nor allocates.</summary>
internal struct WorstSink : IRequestSink
{
    public long Tokens;

    public void Message() => Tokens += TokenEstimator.TokensPerMessage;

    public void Text(string text) => Tokens += TokenEstimator.WorstCase(text);

    public void Tool(string text) => Tokens += TokenEstimator.WorstCase(text);

    public readonly void Media(AIContent content, string mediaType, ReadOnlySpan<byte> bytes)
    {
    }
}
