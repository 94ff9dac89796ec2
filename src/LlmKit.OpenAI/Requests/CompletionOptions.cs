using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Requests;

/// <summary>Turns the caller's options into the SDK's. What the caller's own SDK object already says is kept, except that it
/// cannot raise the output limit: that limit is what was reserved for.</summary>
internal static class CompletionOptions
{
    internal static Sdk.ChatCompletionOptions From(ChatOptions? options, IChatClient client, bool sendsMaxTokens)
    {
        var request = options?.RawRepresentationFactory?.Invoke(client) as Sdk.ChatCompletionOptions ?? new();
        if (options is null) return request;

        AddSampling(request, options);
        AddOutputLimit(request, options.MaxOutputTokens, sendsMaxTokens);
        AddKnownProperties(request, options.AdditionalProperties);
        AnswerFormat.Add(request, options);
        ToolDeclarations.Add(request, options);
        return request;
    }

    private static void AddSampling(Sdk.ChatCompletionOptions request, ChatOptions options)
    {
        request.Temperature ??= options.Temperature;
        request.TopP ??= options.TopP;
        request.FrequencyPenalty ??= options.FrequencyPenalty;
        request.PresencePenalty ??= options.PresencePenalty;
        request.Seed ??= options.Seed;
        request.ReasoningEffortLevel ??= EffortOf(options.Reasoning?.Effort);
        foreach (var stop in options.StopSequences ?? [])
            request.StopSequences.Add(stop);
    }

    private static Sdk.ChatReasoningEffortLevel? EffortOf(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => Sdk.ChatReasoningEffortLevel.None,
        ReasoningEffort.Low => Sdk.ChatReasoningEffortLevel.Low,
        ReasoningEffort.Medium => Sdk.ChatReasoningEffortLevel.Medium,
        ReasoningEffort.High => Sdk.ChatReasoningEffortLevel.High,
        ReasoningEffort.ExtraHigh => Sdk.ChatReasoningEffortLevel.ExtraHigh,
        // A bare null would become a string first, which the SDK's conversion refuses.
        _ => default(Sdk.ChatReasoningEffortLevel?),
    };

    private static void AddOutputLimit(Sdk.ChatCompletionOptions request, int? limit, bool sendsMaxTokens)
    {
        var least = limit is { } asked && request.MaxOutputTokenCount is { } own ? Math.Min(asked, own) : limit ?? request.MaxOutputTokenCount;
        request.MaxOutputTokenCount = sendsMaxTokens ? null : least;
        if (sendsMaxTokens && least is { } tokens) request.Patch.Set("$.max_tokens"u8, tokens);
    }

    private static void AddKnownProperties(Sdk.ChatCompletionOptions request, AdditionalPropertiesDictionary? properties)
    {
        if (properties is null) return;
        request.EndUserId ??= KnownProperties.Text(properties, KnownProperties.User);
        request.StoredOutputEnabled ??= KnownProperties.Flag(properties, KnownProperties.Store);
        if (KnownProperties.Text(properties, KnownProperties.ServiceTier) is { } tier)
            request.ServiceTier ??= new Sdk.ChatServiceTier(tier);
    }
}
