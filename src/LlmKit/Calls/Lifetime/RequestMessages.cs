using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>The messages of a request: taken over once, and refused where they are none.</summary>
internal static class RequestMessages
{
    /// <summary>Enumerates the caller's messages, once, and checks them.</summary>
    /// <exception cref="ArgumentException">A message, or a content of one, is <see langword="null"/>.</exception>
    public static ChatMessage[] Take(IEnumerable<ChatMessage> messages)
    {
        // One by one: a few references are sooner copied so than by the runtime's way for many.
        var taken = messages is ChatMessage[] array ? new ChatMessage[array.Length] : messages.ToArray();
        var source = messages as ChatMessage[] ?? taken;
        for (var i = 0; i < taken.Length; i++)
            Check(taken[i] = source[i], i);
        return taken;
    }

    /// <summary>Checks messages that are a list already.</summary>
    /// <exception cref="ArgumentException">A message, or a content of one, is <see langword="null"/>.</exception>
    public static void Check(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
            Check(messages[i], i);
    }

    public static ArgumentException NoMessage(int index) =>
        new($"The message at the index '{index}' is null. Remove it or give a ChatMessage.");

    public static ArgumentException NoContent(int index, int message) =>
        new($"The content at the index '{index}' of the message at the index '{message}' is null. Remove it or give an AIContent such as TextContent.");

    private static void Check(ChatMessage? message, int index)
    {
        var contents = (message ?? throw NoMessage(index)).Contents;
        if (contents is List<AIContent> list)
        {
            Check(CollectionsMarshal.AsSpan(list), index);
            return;
        }

        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is null)
                throw NoContent(i, index);
        }
    }

    /// <summary>Checks the contents where they lie, which they do in a list unless somebody gave the message a collection of its own.</summary>
    private static void Check(ReadOnlySpan<AIContent> contents, int message)
    {
        for (var i = 0; i < contents.Length; i++)
        {
            if (contents[i] is null)
                throw NoContent(i, message);
        }
    }
}
