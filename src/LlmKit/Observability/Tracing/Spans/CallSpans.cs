using System.Collections.Concurrent;
using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>What happened inside a call, told after the fact: attempts as child spans, decisions of stages as events.</summary>
/// <remarks>Children hold no <c>gen_ai.usage.*</c>: readers that sum a trace would count tokens twice.</remarks>
internal static class CallSpans
{
    private const int MostEventNames = 256;
    private static readonly ConcurrentDictionary<(string Stage, string Decision), string> EventNames = new();

    /// <param name="span">The chat span.</param>
    /// <param name="names">The profile.</param>
    /// <param name="summary">The attempts that have ended.</param>
    /// <param name="callStarted">When the call started, on the span's clock.</param>
    public static void AddAttempts(Activity span, GenAiNames names, in CallSummary summary, DateTime callStarted)
    {
        foreach (var attempt in summary.Attempts)
            Add(span, names, attempt, tellsUsage: !summary.MayBeReplayed(attempt), callStarted);
    }

    /// <summary>Adds the steps since the span started; earlier ones belong to stages outside of it.</summary>
    public static void AddSteps(Activity span, ReadOnlySpan<CallStep> steps, DateTime callStarted)
    {
        if (steps.IsEmpty)
            return;
        var tags = EventTags.Take();
        foreach (var step in steps)
        {
            var at = callStarted + step.At;
            if (at < span.StartTimeUtc)
                continue;
            tags.Fill(step);
            span.AddEvent(new(NameOf(step), at, tags));
        }

        EventTags.Give(tags);
    }

    private static void Add(Activity span, GenAiNames names, CallAttempt attempt, bool tellsUsage, DateTime callStarted)
    {
        var started = callStarted + attempt.Started;
        if (started + attempt.Duration < span.StartTimeUtc)
            return;
        using var child = LlmKitDiagnostics.ActivitySource.StartActivity(
            string.Concat("attempt ", attempt.Model), ActivityKind.Internal, span.Context, tags: null, links: null, started);
        if (child is null)
            return;
        child.SetEndTime(started + attempt.Duration);
        if (child.IsAllDataRequested)
            SetTags(child, names, attempt, tellsUsage);
    }

    private static void SetTags(Activity child, GenAiNames names, CallAttempt attempt, bool tellsUsage)
    {
        child.AddTag(LlmKitDiagnostics.ModelTag, attempt.Model);
        if (attempt.Provider is not null)
            child.AddTag(names.ProviderName, attempt.Provider);
        if (attempt.Purpose is not null)
            child.AddTag(LlmKitDiagnostics.PurposeTag, attempt.Purpose);
        if (tellsUsage)
            SetUsage(child, attempt);
        if (attempt.Failure is { } failure)
            SetFailure(child, names, failure);
    }

    private static void SetUsage(Activity child, CallAttempt attempt)
    {
        if (attempt.Usage.Total > 0)
        {
            child.AddTag(LlmKitDiagnostics.AttemptInputTokensTag, attempt.Usage.Input);
            child.AddTag(LlmKitDiagnostics.AttemptOutputTokensTag, attempt.Usage.Output);
        }

        if (attempt.Estimated)
            child.AddTag(LlmKitDiagnostics.AttemptEstimatedTag, true);
        if (attempt.Priced)
            child.AddTag(LlmKitDiagnostics.AttemptCostTag, (double)attempt.Cost);
    }

    private static void SetFailure(Activity child, GenAiNames names, ModelFailure failure)
    {
        if (failure.Kind == ModelFailureKind.Cancelled)
        {
            // The loser of a hedge, or a stream that was left: nobody's error.
            child.AddTag(LlmKitDiagnostics.OutcomeTag, "cancelled");
            return;
        }

        child.AddTag(names.ErrorType, FailureNames.Of(failure.Kind));
        if (failure.Status is { } status)
            child.AddTag(LlmKitDiagnostics.AttemptStatusTag, status);
        child.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Adds what a step says of itself, as far as it comes.</summary>
    public static void AddFacts(CallStep step, List<KeyValuePair<string, object?>> facts)
    {
        try
        {
            step.AddTags(facts);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A step is anybody's code; its facts are lost, the event is not.
        }
    }

    private static string NameOf(CallStep step)
    {
        if (EventNames.TryGetValue((step.Stage, step.Decision), out var known))
            return known;
        var name = $"llmkit.{step.Stage}.{step.Decision}";
        if (EventNames.Count < MostEventNames)
            EventNames.TryAdd((step.Stage, step.Decision), name);
        return name;
    }
}
