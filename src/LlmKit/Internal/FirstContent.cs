using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>Knows where a stream begins to show something that must not be shown twice.</summary>
internal static class FirstContent
{
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
}
