using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>The work that a cache cannot do without: a hash of the request and a copy of the answer.</summary>
internal static class Floors
{
    public static byte[] Sha256(IReadOnlyList<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[2_048];
        foreach (var message in messages)
        {
            hash.AppendData(buffer[..Encoding.UTF8.GetBytes(message.Role.Value, buffer)]);
            hash.AppendData(buffer[..Encoding.UTF8.GetBytes(message.Text, buffer)]);
        }

        return hash.GetHashAndReset();
    }

    public static ChatResponse Copy(ChatResponse answer)
    {
        var messages = new List<ChatMessage>(answer.Messages.Count);
        foreach (var message in answer.Messages)
        {
            var contents = new List<AIContent>(message.Contents.Count);
            foreach (var content in message.Contents)
                contents.Add(content is TextContent text ? new TextContent(text.Text) : content);
            messages.Add(new(message.Role, contents) { MessageId = message.MessageId });
        }

        return new(messages)
        {
            ResponseId = answer.ResponseId,
            ModelId = answer.ModelId,
            FinishReason = answer.FinishReason,
            Usage = new()
            {
                InputTokenCount = answer.Usage?.InputTokenCount,
                OutputTokenCount = answer.Usage?.OutputTokenCount,
                TotalTokenCount = answer.Usage?.TotalTokenCount,
            },
        };
    }
}
