using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Says where content comes from, so that rails can tell what the user wrote from what was found.</summary>
public static class LlmContent
{
    private const string RetrievedKey = "llmkit.retrieved";

    /// <summary>Gives a retrieved document as content of a request. Rails look at it as at what a stranger wrote.</summary>
    /// <param name="text">The document's text.</param>
    /// <param name="source">What it is called where it comes from, such as <c>handbook:7</c>; never a text of the conversation.</param>
    /// <returns>The content.</returns>
    public static TextContent Retrieved(string text, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text) { AdditionalProperties = new() { [RetrievedKey] = source ?? "" } };
    }

    /// <summary>Gets whether content is a retrieved document.</summary>
    /// <param name="content">The content.</param>
    /// <returns>Whether <see cref="Retrieved"/> made it.</returns>
    public static bool IsRetrieved(this AIContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.AdditionalProperties?.ContainsKey(RetrievedKey) == true;
    }
}
