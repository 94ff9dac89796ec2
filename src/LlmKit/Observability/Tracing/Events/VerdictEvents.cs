using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>Tells the verdicts of guards as evaluations of the chat that they were given on, and notes its span for what users say later.</summary>
internal static class VerdictEvents
{
    /// <summary>Tells what was decided since the request started. Called before its span ends: a span that has ended takes no more log records.</summary>
    public static void Tell(ChatObserver observer, TracingPolicy policy, LlmCall call, in ChatObservation observation)
    {
        if (!observer.TellsSpans || !policy.EmitExceptions || !observer.Events.WantsEvaluations)
            return;
        try
        {
            if (call.Parent is null)
                observer.Events.Feedback?.Remember(policy, call, observation);
            var begun = call.Duration - observation.Elapsed();
            foreach (var (step, verdict) in call.Verdicts)
            {
                // Earlier ones belong to stages outside of the tracer.
                if (step.At >= begun)
                    observer.Events.Evaluated(Attributes(policy, call, step, verdict, observation.Answer.ResponseId), observation.Span);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TracingLog.Failed(call.Setup.Logger, call.Pipeline, exception.GetType().Name);
        }
    }

    private static List<KeyValuePair<string, object?>> Attributes(TracingPolicy policy, LlmCall call, CallStep step, StepVerdict verdict, string? responseId)
    {
        var names = policy.Names;
        List<KeyValuePair<string, object?>> attributes = [new(names.EvaluationName, verdict.Name), new(names.EvaluationLabel, verdict.Label)];
        if (verdict.Score is { } score)
            attributes.Add(new(names.EvaluationScore, score));
        if (policy.Reasons.Text(verdict.Reason) is { } reason)
            attributes.Add(new(names.EvaluationExplanation, reason));
        if (responseId is not null)
            attributes.Add(new(names.ResponseId, responseId));
        if (!verdict.Evaluated)
            attributes.Add(new(names.ErrorType, FailureNames.Other));
        attributes.Add(new(LlmKitDiagnostics.CallIdTag, call.Id));
        if (step.Observed)
            attributes.Add(new(LlmKitDiagnostics.ObservedTag, true));
        CallSpans.AddFacts(step, attributes);
        return attributes;
    }
}
