using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>What stops a request or an answer.</summary>
internal sealed record RailBlock(Rail Rail, string Rule)
{
    /// <summary>The name under which a blocked answer says what blocked it, in <see cref="ChatResponse.AdditionalProperties"/>.</summary>
    public const string Key = "llmkit.guardrail";

    private string Name => $"{GuardrailTelemetry.NameOf(Rail)}/{Rule}";

    /// <summary>Gives the answer in the place of the blocked one. Its text says what it is, so that the conversation can tell when it comes again.</summary>
    public ChatResponse ToResponse(string answer) => new(new ChatMessage(ChatRole.Assistant, [new TextContent(answer) { AdditionalProperties = new() { [Key] = Name } }]))
    {
        FinishReason = ChatFinishReason.ContentFilter,
        AdditionalProperties = new() { [Key] = Name },
    };

    /// <summary>Whether an answer of an earlier turn stands in the place of one to a request that was blocked; where only texts are kept, its words tell.</summary>
    public static bool HasRefused(ChatMessage answer, string blockedAnswer)
    {
        for (var i = 0; i < answer.Contents.Count; i++)
        {
            if (answer.Contents[i].AdditionalProperties?.GetValueOrDefault(Key)?.ToString() is { } name)
                return !name.StartsWith("output/", StringComparison.Ordinal) && !name.StartsWith("tool_call/", StringComparison.Ordinal);
        }

        return answer.Contents is [TextContent only] && only.Text == blockedAnswer;
    }
}
