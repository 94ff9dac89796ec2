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
        if (message.Contents is not [TextContent content] || !string.IsNullOrEmpty(message.AuthorName) || scope.IsNothing(content.Text))
            return false;
        var start = StartOf(message.Role);
        if (start.IsEmpty || finishReason is { Length: > ContentScope.LabelLimit })
            return false;
        var pen = new JsonPen(to);
        pen.Raw(start);
        scope.Text(ref pen, content.Text);
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

    private static ReadOnlySpan<byte> StartOf(ChatRole role) =>
        role == ChatRole.User ? "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"u8
        : role == ChatRole.Assistant ? "{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":"u8
        : role == ChatRole.System ? "{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":"u8
        : default;
}
