using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>The less usual part of a request on its span: the prompt's version, choices, effort, tier.</summary>
internal static class RequestExtras
{
    public static void Set(Activity span, GenAiNames names, ChatOptions options)
    {
        if (names.RequestReasoningLevel is { } level && LevelOf(options.Reasoning?.Effort) is { } effort)
            span.AddTag(level, effort);
        if (options.AdditionalProperties is not { Count: > 0 } properties)
            return;
        Set(span, names.PromptName, KnownProperty.Text(properties, PromptExtensions.NameKey));
        Set(span, names.PromptVersion, KnownProperty.Text(properties, PromptExtensions.VersionKey));
        Set(span, names.RequestServiceTier, KnownProperty.Text(properties, "service_tier"));
        if (names.RequestPreviousResponseId is { } previous)
            Set(span, previous, KnownProperty.Text(properties, "previous_response_id"));
        if (names.ConversationCompacted is { } compacted && KnownProperty.IsTrue(properties, ConversationExtensions.CompactedKey))
            span.AddTag(compacted, true);
        if (KnownProperty.Number(properties, "n") is { } choices and not 1)
            span.AddTag(names.RequestChoiceCount, choices);
    }

    private static string? LevelOf(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    private static void Set(Activity span, string name, string? value)
    {
        if (value is not null)
            span.AddTag(name, value);
    }
}
