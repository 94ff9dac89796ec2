using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>Tells evaluations: on a span, and as a log record that belongs to it.</summary>
internal static class EvaluationEvent
{
    private const string SpanPrefix = "evaluate ";

    public static void Tell(TracingPolicy policy, TraceEvaluation evaluation, ActivityContext? evaluated, ILogger? logger)
    {
        if (policy.SpanMode != SpanMode.Full)
            return;
        Tell(policy.Names, evaluation.Name, Attributes(policy, evaluation, policy.Content), Attributes(policy, evaluation, policy.EventContent), evaluated, policy.EmitExceptions ? logger : null);
    }

    public static void Tell(
        GenAiNames names, string name, List<KeyValuePair<string, object?>> onSpan, List<KeyValuePair<string, object?>> logged, ActivityContext? evaluated, ILogger? logger)
    {
        var current = Activity.Current;
        using var own = evaluated is { } context && context.SpanId != current?.SpanId ? Below(context, name) : null;
        var span = own ?? current;
        if (span is { IsAllDataRequested: true })
            span.AddEvent(new(names.EvaluationEvent, tags: [.. onSpan]));
        if (logger is not null)
            new GenAiEvents(logger, names).Evaluated(logged, span);
    }

    /// <summary>Begins a short span below one that has ended, which takes no more events; one that nobody exports where nobody listens, so that log records belong to the trace all the same.</summary>
    private static Activity Below(ActivityContext evaluated, string name) =>
        LlmKitDiagnostics.ActivitySource.StartActivity(SpanPrefix + name, ActivityKind.Internal, evaluated)
        ?? new Activity(SpanPrefix + name).SetParentId(evaluated.TraceId, evaluated.SpanId, evaluated.TraceFlags).Start();

    private static List<KeyValuePair<string, object?>> Attributes(TracingPolicy policy, TraceEvaluation evaluation, ContentJson? content)
    {
        var names = policy.Names;
        List<KeyValuePair<string, object?>> attributes = [new(names.EvaluationName, evaluation.Name)];
        if (evaluation.Score is { } score)
            attributes.Add(new(names.EvaluationScore, score));
        if (evaluation.Label is not null)
            attributes.Add(new(names.EvaluationLabel, evaluation.Label));
        if (content?.Text(evaluation.Explanation) is { } explanation)
            attributes.Add(new(names.EvaluationExplanation, explanation));
        if (evaluation.ResponseId is not null)
            attributes.Add(new(names.ResponseId, evaluation.ResponseId));
        if (evaluation.Error is not null)
            attributes.Add(new(names.ErrorType, ErrorTypes.Of(evaluation.Error)));
        return attributes;
    }
}
