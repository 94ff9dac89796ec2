using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>A shallow copy of a response that carries its call. It serialises as the response does.</summary>
internal sealed class CallResponse : ChatResponse
{
    public CallResponse(ChatResponse response, LlmCall call) : base(response.Messages)
    {
        ResponseId = response.ResponseId;
        ConversationId = response.ConversationId;
        ModelId = response.ModelId;
        CreatedAt = response.CreatedAt;
        FinishReason = response.FinishReason;
        Usage = response.Usage;
        ContinuationToken = response.ContinuationToken;
        RawRepresentation = response.RawRepresentation;
        AdditionalProperties = response.AdditionalProperties;
        Call = call;
    }

    internal LlmCall Call { get; }
}
