using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>The span of one chat operation: what is known when it starts, and what the answer adds.</summary>
/// <remarks>Every tag is set once, so tags are added without a search for an earlier one.</remarks>
internal static class ChatSpan
{
    private static readonly object True = true;
    private static readonly string[] Stop = ["stop"];
    private static readonly string[] ToolCalls = ["tool_calls"];

    /// <summary>Starts the span; where nobody listens the clock is not looked at.</summary>
    public static Activity? Start(RequestModel model, LlmCall call, ActivityKind kind) => LlmKitDiagnostics.ActivitySource.HasListeners()
        ? LlmKitDiagnostics.ActivitySource.StartActivity(model.SpanName, kind, parentContext: default, model.StartTags, links: null, call.Time.GetUtcNow())
        : null;

    /// <summary>Gives a span that is never started: a place for what an event tells of a call when nobody wants its span.</summary>
    public static Activity Unstarted(RequestModel model)
    {
        var facts = new Activity(model.SpanName);
        foreach (var (name, value) in model.StartTags)
            facts.AddTag(name, value);
        return facts;
    }

    /// <summary>Stops a span without disturbing a span that the caller may have made current meanwhile.</summary>
    public static void End(Activity span)
    {
        var current = Activity.Current;
        span.Stop();
        if (!ReferenceEquals(current, span))
            Activity.Current = current;
    }

    public static void SetRequest(Activity span, GenAiNames names, ChatOptions options, bool streaming)
    {
        if (streaming)
            span.AddTag(names.RequestStream, True);
        Set(span, names.ConversationId, options.ConversationId);
        Set(span, names.OutputType, options.ResponseFormat switch { ChatResponseFormatText => "text", ChatResponseFormatJson => "json", _ => null });
        Set(span, names.RequestSeed, options.Seed);
        Set(span, names.RequestMaxTokens, options.MaxOutputTokens);
        Set(span, names.RequestTemperature, (double?)options.Temperature);
        Set(span, names.RequestTopP, (double?)options.TopP);
        if (names.TopKIsInteger)
            Set(span, names.RequestTopK, options.TopK);
        else
            Set(span, names.RequestTopK, (double?)options.TopK);
        Set(span, names.RequestFrequencyPenalty, (double?)options.FrequencyPenalty);
        Set(span, names.RequestPresencePenalty, (double?)options.PresencePenalty);
        if (options.StopSequences is { Count: > 0 } stops)
            span.AddTag(names.RequestStopSequences, stops.ToArray());
        RequestExtras.Set(span, names, options);
    }

    public static void SetCall(Activity span, LlmCall call, TracingPolicy policy)
    {
        span.AddTag(LlmKitDiagnostics.PipelineTag, call.Pipeline);
        span.AddTag(LlmKitDiagnostics.CallIdTag, call.Id);
        Set(span, LlmKitDiagnostics.FeatureTag, call.Feature);
        Set(span, LlmKitDiagnostics.PurposeTag, call.Purpose);
        Set(span, LlmKitDiagnostics.InteractionIdTag, call.Interaction?.Id);
        if (policy.RecordTenant)
            Set(span, LlmKitDiagnostics.TenantTag, call.Tenant);
        if (policy.RecordUser)
            Set(span, LlmKitDiagnostics.UserTag, call.User);
    }

    /// <param name="span">The chat span.</param>
    /// <param name="names">The profile.</param>
    /// <param name="answer">What the answer said of itself.</param>
    /// <param name="isDue">Whether a finish reason should have come: the call failed, or its answer ended by itself.</param>
    public static void SetAnswer(Activity span, GenAiNames names, in AnswerFacts answer, bool isDue)
    {
        Set(span, names.ResponseId, answer.ResponseId);
        Set(span, names.ResponseModel, answer.ModelId);
        if (answer.FinishReason is { } reason)
            span.AddTag(names.ResponseFinishReasons, ReasonsOf(reason));
        else if (isDue && names.MissingFinishReason is { } missing)
            span.AddTag(names.ResponseFinishReasons, new[] { missing });
        if (answer.ConversationId is not null && span.GetTagItem(names.ConversationId) is null)
            Set(span, names.ConversationId, answer.ConversationId);
        Set(span, names.ResponseSystemFingerprint, answer.SystemFingerprint);
        Set(span, names.ResponseServiceTier, answer.ServiceTier);
        if (answer.IsReplayed)
            span.AddTag(LlmKitDiagnostics.ReplayTag, True);
        Set(span, names.UsageInputTokens, answer.InputTokens);
        Set(span, names.UsageOutputTokens, answer.OutputTokens);
        Set(span, names.UsageCacheReadTokens, NullIfZero(answer.CacheReadTokens));
        Set(span, names.UsageCacheWriteTokens, NullIfZero(answer.CacheWriteTokens));
        Set(span, names.UsageReasoningTokens, NullIfZero(answer.ReasoningTokens));
        if (answer.Details is { } usage)
            ModalityTags.Set(span, names, usage);
    }

    /// <summary>Says that another provider answered than the one the client names, whose address is not known.</summary>
    public static void SetProvider(Activity span, GenAiNames names, string provider)
    {
        span.SetTag(names.ProviderName, provider);
        span.SetTag(names.ServerAddress, null);
        span.SetTag(names.ServerPort, null);
    }

    public static void SetEnd(Activity span, LlmCall call, in CallSummary summary)
    {
        Set(span, LlmKitDiagnostics.ModelTag, call.Model);
        if (call.Marks.HasFlag(AnswerMarks.Cached))
            span.AddTag(LlmKitDiagnostics.CacheHitTag, True);
        if (summary.Attempts.Count > 0)
            span.AddTag(LlmKitDiagnostics.AttemptsTag, summary.Attempts.Count);
        if (call.PendingAttempts is > 0 and var pending)
            span.AddTag(LlmKitDiagnostics.PendingAttemptsTag, pending);
    }

    /// <summary>Marks a failure. Its description is left empty unless texts may be written: providers' messages echo prompts.</summary>
    public static void SetOutcome(Activity span, GenAiNames names, in ChatOutcome outcome, ContentJson? content)
    {
        if (outcome.IsFailure)
        {
            span.AddTag(names.ErrorType, outcome.ErrorType);
            span.SetStatus(ActivityStatusCode.Error, content?.Text(outcome.Error?.Message));
        }
        else if (outcome.Status != CallStatus.Completed)
        {
            span.AddTag(LlmKitDiagnostics.OutcomeTag, outcome.ErrorType);
        }
    }

    private static string[] ReasonsOf(ChatFinishReason reason) =>
        reason == ChatFinishReason.Stop ? Stop
        : reason == ChatFinishReason.ToolCalls ? ToolCalls
        : [reason.Value.ToLowerInvariant()];

    private static long? NullIfZero(long tokens) => tokens == 0 ? null : tokens;

    private static void Set(Activity span, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            span.AddTag(name, value);
    }

    private static void Set<T>(Activity span, string name, T? value)
        where T : struct
    {
        if (value is { } present)
            span.AddTag(name, present);
    }

    private static void Set(Activity span, string name, long? value)
    {
        if (value is { } present)
            span.AddTag(name, Boxes.Of(present));
    }

    private static void Set(Activity span, string name, int? value)
    {
        if (value is { } present)
            span.AddTag(name, Boxes.Of(present));
    }
}
