using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>Copies a response with other messages; the original may be somebody else's.</summary>
internal static class AnswerCopy
{
    public static ChatResponse With(ChatResponse response, IList<ChatMessage> messages) => new(messages)
    {
        ResponseId = response.ResponseId,
        ConversationId = response.ConversationId,
        ModelId = response.ModelId,
        CreatedAt = response.CreatedAt,
        FinishReason = response.FinishReason,
        Usage = response.Usage,
        ContinuationToken = response.ContinuationToken,
        AdditionalProperties = response.AdditionalProperties,
    };
}
