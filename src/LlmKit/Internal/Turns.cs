using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>Knows whose turn it was in a conversation.</summary>
internal static class Turns
{
    /// <summary>Gives the index of the last message of the user; -1 when there is none.</summary>
    public static int LastOfUser(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.User)
                return i;
        }

        return -1;
    }

    /// <summary>Gives the index of the last message in which the model answered and left no tool to be called; -1 when there is none.</summary>
    public static int LastAnswer(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.Assistant && !messages[i].Contents.Any(content => content is FunctionCallContent { InformationalOnly: false }))
                return i;
        }

        return -1;
    }

    /// <summary>Whether results of tools stand in a message or after it.</summary>
    public static bool HasToolResults(IReadOnlyList<ChatMessage> messages, int from)
    {
        for (var i = Math.Max(from, 0); i < messages.Count; i++)
        {
            if (messages[i].Role == ChatRole.Tool)
                return true;
            foreach (var content in messages[i].Contents)
            {
                if (content is ToolResultContent)
                    return true;
            }
        }

        return false;
    }
}
