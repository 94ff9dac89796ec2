using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>What a response, or the updates of a stream, say about themselves. No texts.</summary>
internal struct AnswerFacts
{
    private TokenUsage? _usage;
    private bool _knowsInput;
    private bool _knowsOutput;

    public string? ResponseId { get; private set; }

    public string? ModelId { get; private set; }

    public string? ConversationId { get; private set; }

    public ChatFinishReason? FinishReason { get; private set; }

    /// <summary>Gets what tells one state of the provider's system from another; it explains other answers to the same question.</summary>
    public string? SystemFingerprint { get; private set; }

    public string? ServiceTier { get; private set; }

    /// <summary>Gets whether a recording answered in the place of a model.</summary>
    public bool IsReplayed { get; private set; }

    /// <summary>Gets the usage as the provider told it last, for the parts that are looked at on spans alone.</summary>
    public UsageDetails? Details { get; private set; }

    /// <summary>Gets what was reported, nothing where the provider did not say.</summary>
    public readonly TokenUsage Usage => _usage ?? default;

    /// <summary>Gets the reported input tokens; <see langword="null"/> when the provider did not say.</summary>
    public readonly long? InputTokens => _knowsInput ? _usage?.Input : null;

    /// <summary>Gets the reported output tokens; <see langword="null"/> when the provider did not say.</summary>
    public readonly long? OutputTokens => _knowsOutput ? _usage?.Output : null;

    public readonly long CacheReadTokens => _usage?.CachedInput ?? 0;

    public readonly long CacheWriteTokens => _usage?.CacheWrite ?? 0;

    public readonly long ReasoningTokens => _usage?.Reasoning ?? 0;

    public void Observe(ChatResponse response)
    {
        ResponseId = response.ResponseId;
        ModelId = response.ModelId;
        ConversationId = response.ConversationId;
        FinishReason = response.FinishReason;
        Observe(response.AdditionalProperties);
        // Where updates were put together, what the first one said is on the message.
        var messages = response.Messages;
        for (var i = 0; i < messages.Count; i++)
            IsReplayed |= IsMarked(messages[i]?.AdditionalProperties);
        if (response.Usage is { } usage)
            Observe(usage);
    }

    public void Observe(ChatResponseUpdate update)
    {
        ResponseId ??= update.ResponseId;
        ModelId = update.ModelId ?? ModelId;
        ConversationId = update.ConversationId ?? ConversationId;
        FinishReason = update.FinishReason ?? FinishReason;
        Observe(update.AdditionalProperties);
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is UsageContent usage)
                Observe(usage.Details);
        }
    }

    /// <summary>Observes a failure, which may be a recorded one too.</summary>
    public void Observe(Exception? error)
    {
        for (; error is not null && !IsReplayed; error = error.InnerException)
            IsReplayed = error.Data.Contains(LlmKitDiagnostics.ReplayTag);
    }

    /// <summary>A cache and a recording give the usage of the answer that they kept: nothing was used now.</summary>
    public void ForgetUsage()
    {
        _usage = null;
        Details = null;
        _knowsInput = _knowsOutput = false;
    }

    /// <summary>Whether a recording marked what it gave.</summary>
    public static bool IsMarked(AdditionalPropertiesDictionary? properties) => properties is { Count: > 0 } && properties.ContainsKey(LlmKitDiagnostics.ReplayTag);

    private void Observe(AdditionalPropertiesDictionary? properties)
    {
        if (properties is not { Count: > 0 })
            return;
        SystemFingerprint ??= KnownProperty.Text(properties, "SystemFingerprint") ?? KnownProperty.Text(properties, "system_fingerprint");
        IsReplayed |= IsMarked(properties);
        ServiceTier ??= KnownProperty.Text(properties, "ServiceTier") ?? KnownProperty.Text(properties, "service_tier");
    }

    private void Observe(UsageDetails usage)
    {
        Details = usage;
        _usage = TokenUsage.Later(_usage, TokenUsage.From(usage));
        _knowsInput |= usage.InputTokenCount is not null;
        _knowsOutput |= usage.OutputTokenCount is not null;
    }
}
