using LlmKit.Calls;
using LlmKit.Internal.Keys;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>Makes the rows of a call that has ended: one for each decision of a policy.</summary>
internal static class TraceRows
{
    public static RoutingTrace[] Of(LlmCall call, string prompt, RoutingTraceLogOptions options)
    {
        RouteStep[] steps = [.. call.Steps.OfType<RouteStep>().Where(step => step is { Routing: not null, Observed: false })];
        if (steps.Length == 0)
            return [];
        var answer = IsAnswered(call) ? Array.FindLastIndex(steps, step => step.Model == call.Model) : -1;
        var (hash, attempts) = (KeyWriter.KeyOf([prompt]).ToHex(), call.Attempts);
        return [.. steps.Select((step, index) => RowOf(call, step, OwnOf(steps, index, attempts)) with
        {
            PromptHash = hash,
            PromptLength = prompt.Length,
            Prompt = options.RecordPrompts ? prompt : null,
            Tenant = options.RecordTenants ? call.Tenant : null,
            AnsweredBy = answer >= 0 ? call.Model : null,
            IsAnswer = index == answer,
        })];
    }

    /// <summary>A stream that was cut off by its reader has answered too: somebody saw it. One from a cache came of no decision of this call.</summary>
    private static bool IsAnswered(LlmCall call) =>
        call.Status is CallStatus.Completed or CallStatus.Abandoned && (call.Marks & AnswerMarks.Cached) == 0;

    /// <summary>The attempts that a decision led to: those at its model from then on, up to the next decision for the same model.</summary>
    private static CallAttempt[] OwnOf(RouteStep[] steps, int index, IReadOnlyList<CallAttempt> attempts)
    {
        var step = steps[index];
        var until = steps.Skip(index + 1).FirstOrDefault(later => later.Model == step.Model)?.At ?? TimeSpan.MaxValue;
        var isFirst = !steps.Take(index).Any(earlier => earlier.Model == step.Model);
        return [.. attempts.Where(attempt => attempt.Purpose is null && attempt.Model == step.Model && (isFirst || attempt.Started >= step.At) && attempt.Started < until)];
    }

    private static RoutingTrace RowOf(LlmCall call, RouteStep step, CallAttempt[] attempts)
    {
        var decision = step.Routing!;
        return new()
        {
            Id = decision.Id,
            CallId = call.Id,
            Time = call.StartedAt + step.At,
            Policy = decision.Policy,
            PolicyVersion = decision.PolicyVersion,
            Candidates = decision.Candidates,
            Model = decision.Model,
            Reason = decision.Reason,
            Score = decision.Score,
            Threshold = decision.Threshold,
            Propensity = decision.Propensity,
            Feature = call.Feature,
            Status = call.Status,
            Failure = attempts.LastOrDefault()?.Failure?.Kind,
            Attempts = attempts.Length,
            InputTokens = attempts.Sum(attempt => attempt.Usage.Input),
            OutputTokens = attempts.Sum(attempt => attempt.Usage.Output),
            Cost = Array.TrueForAll(attempts, attempt => attempt.Priced) ? attempts.Sum(attempt => attempt.Cost) : null,
            Seconds = call.Duration.TotalSeconds,
        };
    }
}
