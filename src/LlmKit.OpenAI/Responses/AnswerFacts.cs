using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Responses;

/// <summary>Reads the facts that plain and streamed answers share.</summary>
internal static class AnswerFacts
{
    internal const string SystemFingerprint = "SystemFingerprint";
    internal const string ServiceTier = "ServiceTier";

    internal static ChatFinishReason? FinishReason(Sdk.ChatFinishReason? reason) => reason switch
    {
        Sdk.ChatFinishReason.Stop => ChatFinishReason.Stop,
        Sdk.ChatFinishReason.Length => ChatFinishReason.Length,
        Sdk.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        Sdk.ChatFinishReason.ToolCalls or Sdk.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
        _ => null,
    };

    // A refusal ends with "stop" on the wire; as an answer it is one that was withheld.
    internal static ChatFinishReason? AfterRefusal(ChatFinishReason? reason) =>
        reason == ChatFinishReason.Stop ? ChatFinishReason.ContentFilter : reason;

    // Compatible servers leave it out or send zero.
    internal static DateTimeOffset? CreatedAt(DateTimeOffset created) => created > DateTimeOffset.UnixEpoch ? created : null;

    internal static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    internal static AdditionalPropertiesDictionary? Properties(string? fingerprint, Sdk.ChatServiceTier? tier)
    {
        AdditionalPropertiesDictionary? properties = null;
        if (!string.IsNullOrEmpty(fingerprint)) (properties ??= [])[SystemFingerprint] = fingerprint;
        if (tier?.ToString() is { Length: > 0 } name) (properties ??= [])[ServiceTier] = name;
        return properties;
    }
}
