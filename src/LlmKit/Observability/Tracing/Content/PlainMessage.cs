using System.Buffers;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>The quick way for what most messages are: one text of somebody without a name.</summary>
internal static class PlainMessage
{
    /// <summary>Writes such a message; writes nothing of another.</summary>
    public static bool TryWrite(IBufferWriter<byte> to, ContentScope scope, ChatMessage message, string? finishReason)
    {
        if (finishReason is { Length: > ContentScope.LabelLimit } || TextOf(message, scope) is not { } text)
            return false;
        var pen = new JsonPen(to);
        pen.Raw(StartOf(message.Role));
        scope.Text(ref pen, text);
        pen.Raw("}]"u8);
        if (finishReason is not null)
        {
            pen.Raw(",\"finish_reason\":"u8);
            pen.Text(finishReason);
        }

        pen.Raw("}"u8);
        pen.End();
        return true;
    }

    /// <summary>Gives the text of such a message, as it came; <see langword="null"/> of another.</summary>
    public static string? TextOf(ChatMessage message, ContentScope scope) =>
        message.Contents is [TextContent content] && string.IsNullOrEmpty(message.AuthorName) && !scope.IsNothing(content.Text) && !StartOf(message.Role).IsEmpty ? content.Text : null;

    /// <summary>Gives what stands before the text; nothing for a role that is none of the usual.</summary>
    public static ReadOnlySpan<byte> StartOf(ChatRole role) =>
        role == ChatRole.User ? "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"u8
        : role == ChatRole.Assistant ? "{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":"u8
        : role == ChatRole.System ? "{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":"u8
        : default;
}
