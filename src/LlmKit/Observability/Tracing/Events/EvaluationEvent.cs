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
        var attributes = Attributes(policy, evaluation);
        var current = Activity.Current;
        // A span that has ended takes no more events, so what is said later belongs to a short one below it.
        using var own = evaluated is { } context && context.SpanId != current?.SpanId
            ? LlmKitDiagnostics.ActivitySource.StartActivity(SpanPrefix + evaluation.Name, ActivityKind.Internal, context)
            : null;
        var span = evaluated is null || own is not null || evaluated.Value.SpanId == current?.SpanId ? own ?? current : null;
        if (span is { IsAllDataRequested: true })
            span.AddEvent(new(policy.Names.EvaluationEvent, tags: [.. attributes]));
        if (logger is not null && policy.EmitExceptions)
            new GenAiEvents(logger, policy.Names).Evaluated(attributes, span);
    }

    private static List<KeyValuePair<string, object?>> Attributes(TracingPolicy policy, TraceEvaluation evaluation)
    {
        var names = policy.Names;
        List<KeyValuePair<string, object?>> attributes = [new(names.EvaluationName, evaluation.Name)];
        if (evaluation.Score is { } score)
            attributes.Add(new(names.EvaluationScore, score));
        if (evaluation.Label is not null)
            attributes.Add(new(names.EvaluationLabel, evaluation.Label));
        if ((policy.EventContent ?? policy.Content)?.Text(evaluation.Explanation) is { } explanation)
            attributes.Add(new(names.EvaluationExplanation, explanation));
        if (evaluation.ResponseId is not null)
            attributes.Add(new(names.ResponseId, evaluation.ResponseId));
        if (evaluation.Error is not null)
            attributes.Add(new(names.ErrorType, ErrorTypes.Of(evaluation.Error)));
        return attributes;
    }
}
