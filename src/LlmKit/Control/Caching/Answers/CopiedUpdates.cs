using LlmKit.Internal.Flights;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Takes updates down as copies.</summary>
internal sealed class CopiedUpdates : IUpdateKeeper
{
    private const int SizeOfUpdate = 300;

    public static CopiedUpdates Instance { get; } = new();

    public (object Kept, int Size)? Keep(ChatResponseUpdate update)
    {
        var size = SizeOfUpdate;
        var contents = new List<AIContent>(update.Contents.Count);
        foreach (var content in update.Contents)
        {
            if (content is UsageContent)
                continue;
            if (ContentCopies.Copy(content) is not { } copy)
                return null;
            size += copy switch { TextContent text => 2 * text.Text.Length, TextReasoningContent text => 2 * text.Text.Length, DataContent data => data.Data.Length, _ => SizeOfUpdate };
            contents.Add(copy);
        }

        return (With(update, contents), size);
    }

    public ChatResponseUpdate Copy(object kept)
    {
        var update = (ChatResponseUpdate)kept;
        return With(update, [.. update.Contents.Select(content => ContentCopies.Copy(content)!)]);
    }

    private static ChatResponseUpdate With(ChatResponseUpdate update, List<AIContent> contents) => new(update.Role, contents)
    {
        AuthorName = update.AuthorName,
        ResponseId = update.ResponseId,
        MessageId = update.MessageId,
        ConversationId = update.ConversationId,
        ModelId = update.ModelId,
        CreatedAt = update.CreatedAt,
        FinishReason = update.FinishReason,
        AdditionalProperties = ContentCopies.Copy(update.AdditionalProperties),
    };
}
