using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>What stops a request or an answer.</summary>
internal sealed record RailBlock(Rail Rail, string Rule)
{
    /// <summary>The name under which a blocked answer says what blocked it, in <see cref="ChatResponse.AdditionalProperties"/>.</summary>
    public const string Key = "llmkit.guardrail";

    /// <summary>Gives the answer in the place of the blocked one.</summary>
    public ChatResponse ToResponse(string answer) => new(new ChatMessage(ChatRole.Assistant, answer))
    {
        FinishReason = ChatFinishReason.ContentFilter,
        AdditionalProperties = new() { [Key] = $"{GuardrailTelemetry.NameOf(Rail)}/{Rule}" },
    };
}
