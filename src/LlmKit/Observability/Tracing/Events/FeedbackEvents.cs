using System.Collections.Concurrent;
using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>Tells what users say about answers as evaluations that belong to the answers' spans: one for all tracers of a container.</summary>
/// <remarks>
/// Thread-safe. The span of a recent call is remembered, that of an older one is asked of the trace store where there is one. What is said of a call that
/// is not known here, such as one that another instance answered, is told with the call's id alone: its span has that too.
/// </remarks>
internal sealed class FeedbackEvents(ILogger logger, IAnsweredCalls? older) : IFeedbackListener, IFeedbackCleaner
{
    private const string EvaluationName = "user_feedback";
    private const string Pass = "pass";
    private const string Fail = "fail";

    private readonly ConcurrentDictionary<string, StageSettings<TracingPolicy>> _tracers = new(StringComparer.Ordinal);
    private readonly AnsweredSpans _recent = new();

    /// <summary>Tells from now on what is said about a pipeline's calls.</summary>
    public void Add(string pipeline, StageSettings<TracingPolicy> settings) => _tracers[pipeline] = settings;

    /// <summary>Notes which span a call's answer is; nothing where it has none.</summary>
    public void Remember(TracingPolicy policy, LlmCall call, in ChatObservation observation)
    {
        if (observation.Span is { } span)
            _recent.Add(new(call.Id, span.TraceId, span.SpanId, span.ActivityTraceFlags, observation.Answer.ResponseId, policy));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TakeAsync(Feedback feedback, CancellationToken cancellationToken)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return false;
        if (_recent.Find(feedback.CallId) is { } recent)
        {
            Tell(recent.Policy, feedback, recent.ResponseId, recent.Context);
            return true;
        }

        var call = older is null ? null : await older.FindAsync(feedback.CallId, cancellationToken).ConfigureAwait(false);
        // An id that is none of ours may be anything, also a text.
        if (PolicyOf(call?.Pipeline) is { } policy && (call is not null || Guid.TryParseExact(feedback.CallId, "n", out _)))
            Tell(policy, feedback, call?.ResponseId, ContextOf(call));
        return call is not null;
    }

    /// <inheritdoc/>
    public string? Clean(string? pipeline, string label)
    {
        if (pipeline is not null && _tracers.TryGetValue(pipeline, out var settings))
            return settings.Current.Reasons.Text(label);
        // Whosever it is: what one of them would take out goes.
        var clean = (string?)label;
        foreach (var tracer in _tracers.Values)
            clean = tracer.Current.Reasons.Text(clean);
        return clean;
    }

    private static ActivityContext? ContextOf(AnsweredCall? call) => call?.SpanId is { } span
        ? new(ActivityTraceId.CreateFromString(call.TraceId), ActivitySpanId.CreateFromString(span), ActivityTraceFlags.Recorded)
        : null;

    private TracingPolicy? PolicyOf(string? pipeline) =>
        (pipeline is not null && _tracers.TryGetValue(pipeline, out var settings) ? settings : _tracers.Values.FirstOrDefault())?.Current;

    private void Tell(TracingPolicy policy, Feedback feedback, string? responseId, ActivityContext? evaluated)
    {
        if (policy.SpanMode != SpanMode.Full || !policy.EmitExceptions)
            return;
        var names = policy.Names;
        List<KeyValuePair<string, object?>> attributes =
        [
            new(names.EvaluationName, EvaluationName),
            new(names.EvaluationScore, feedback.Score),
            new(names.EvaluationLabel, feedback.IsBad ? Fail : Pass),
        ];
        if (policy.Reasons.Text(feedback.Label) is { } reason)
            attributes.Add(new(names.EvaluationExplanation, reason));
        if (responseId is not null)
            attributes.Add(new(names.ResponseId, responseId));
        attributes.Add(new(LlmKitDiagnostics.CallIdTag, feedback.CallId));
        if (evaluated is { } context)
            EvaluationEvent.Tell(names, EvaluationName, attributes, attributes, context, logger);
        else
            new GenAiEvents(logger, names).Evaluated(attributes, span: null);
    }
}
