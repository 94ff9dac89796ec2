using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>A shallow copy of a response that carries its call. It serialises as the response does.</summary>
internal sealed class CallResponse : ChatResponse
{
    public CallResponse(ChatResponse response, LlmCall call) : base(response.Messages)
    {
        // What few answers have is written only where there is something: a write that does nothing costs as much as one that does.
        ResponseId = response.ResponseId;
        if (response.ConversationId is { } conversation)
            ConversationId = conversation;
        ModelId = response.ModelId;
        CreatedAt = response.CreatedAt;
        FinishReason = response.FinishReason;
        Usage = response.Usage;
        if (response.ContinuationToken is { } token)
            ContinuationToken = token;
        if (response.RawRepresentation is { } raw)
            RawRepresentation = raw;
        if (response.AdditionalProperties is { } properties)
            AdditionalProperties = properties;
        Call = call;
    }

    internal LlmCall Call { get; }
}
