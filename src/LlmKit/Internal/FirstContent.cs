using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>Knows where a stream begins to show something that must not be shown twice.</summary>
internal static class FirstContent
{
    /// <summary>Of more updates than this before the content, those that say nothing are dropped: nothing here may grow without bound.</summary>
    private const int MostHeld = 256;

    /// <summary>Holds an update back with those before it, while the stream can still be repeated.</summary>
    /// <returns>Whether that ends here: with the first content, or with more of what must not be dropped than can be held.</returns>
    public static bool EndsHolding(List<ChatResponseUpdate> held, ChatResponseUpdate update)
    {
        var isContent = IsIn(update);
        if (isContent || held.Count < MostHeld || !IsSignOfLife(update))
            held.Add(update);
        return isContent || held.Count > MostHeld;
    }

    /// <summary>Whether an update brings content. Roles, usage, finish reasons and empty texts alone do not.</summary>
    public static bool IsIn(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not (UsageContent or TextContent { Text.Length: 0 } or TextReasoningContent { Text.Length: 0, ProtectedData: null }))
                return true;
        }

        return false;
    }

    /// <summary>Whether an update without content says nothing else either: a role, a ping.</summary>
    private static bool IsSignOfLife(ChatResponseUpdate update) =>
        update is { FinishReason: null, ConversationId: null, ContinuationToken: null } && !update.Contents.Any(content => content is UsageContent);
}
