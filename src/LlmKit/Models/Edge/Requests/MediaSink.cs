using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Sums what a request's images, sounds and files cost by a model's rule, likely and at worst.</summary>
internal struct MediaSink(ImageTokenRule? rule) : IRequestSink
{
    public long Likely;
    public long Worst;

    public readonly void Message()
    {
    }

    public readonly void Text(string text)
    {
    }

    public readonly void Tool(string text)
    {
    }

    public void Media(AIContent content, string mediaType, ReadOnlySpan<byte> bytes)
    {
        var (likely, worst) = MediaTokens.Of(content, mediaType, bytes, rule);
        Likely += likely;
        Worst += worst;
    }
}
