using Microsoft.Extensions.AI;

namespace LlmKit.OpenAI;

/// <summary>A model's refusal to answer: an answer of its own kind, marked so that nobody takes it for the text that was asked for.</summary>
internal static class Refusals
{
    internal const string Code = "refusal";

    internal static ErrorContent Content(string refusal) => new(refusal) { ErrorCode = Code };
}
