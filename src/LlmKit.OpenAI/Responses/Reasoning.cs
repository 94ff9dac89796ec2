using System.ClientModel.Primitives;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Responses;

/// <summary>Reads the thinking that compatible servers show beside the answer. OpenAI itself has no such field, so the SDK keeps it aside.</summary>
internal static class Reasoning
{
    internal static string? In(Sdk.ChatCompletion completion) =>
        Text(ref completion.Patch, "$.choices[0].message.reasoning_content"u8) ?? Text(ref completion.Patch, "$.choices[0].message.reasoning"u8);

    internal static string? In(Sdk.StreamingChatCompletionUpdate update) =>
        Text(ref update.Patch, "$.choices[0].delta.reasoning_content"u8) ?? Text(ref update.Patch, "$.choices[0].delta.reasoning"u8);

    private static string? Text(ref JsonPatch extra, ReadOnlySpan<byte> path) =>
        extra.TryGetValue(path, out string? text) && !string.IsNullOrEmpty(text) ? text : null;
}
