using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Takes in the parts of a request that cost tokens, one after the other.</summary>
internal interface IRequestSink
{
    /// <summary>A message or what counts as one.</summary>
    void Message();

    /// <summary>A text of the conversation; never empty.</summary>
    void Text(string text);

    /// <summary>A text of a tool or a schema; never empty.</summary>
    void Tool(string text);

    /// <summary>An image, a sound or a file.</summary>
    void Media(AIContent content, string mediaType, ReadOnlySpan<byte> bytes);
}
