using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>Makes the rows of a call that has ended: one for each decision of a policy, in the call itself or in one that served it.</summary>
internal static class TraceRows
{
    public static RoutingTrace[] Of(LlmCall call, IReadOnlyList<WatchedCall> watched, RoutingTraceLogOptions options)
    {
        // A sample that became the answer has left its decisions to the call.
        var answer = IsAnswered(call) ? DecisionsOf(call).LastOrDefault(step => step.Model == call.Model)?.Routing!.Id : null;
        var answeredBy = answer is null ? null : call.Model;
        return [.. watched
            .SelectMany(one => RowsOf(one, call, options))
            .Select(row => row with { AnsweredBy = answeredBy, IsAnswer = row.Id == answer })
            .OrderBy(row => row.Time)];
    }

    /// <summary>A stream that was cut off by its reader has answered too: somebody saw it. One from a cache came of no decision of this call.</summary>
    private static bool IsAnswered(LlmCall call) =>
        call.Status is CallStatus.Completed or CallStatus.Abandoned && (call.Marks & AnswerMarks.Cached) == 0;

    private static IEnumerable<RouteStep> DecisionsOf(LlmCall call) => call.Steps.OfType<RouteStep>().Where(step => step is { Routing: not null, Observed: false });

    private static IEnumerable<RoutingTrace> RowsOf(WatchedCall watched, LlmCall root, RoutingTraceLogOptions options)
    {
        RouteStep[] steps = [.. DecisionsOf(watched.Call).Where(step => step.Routing!.IsOf(watched.Call))];
        if (steps.Length == 0)
            return [];
        var (prompt, attempts) = (watched.Prompt, watched.Call.Attempts);
        var hash = prompt.Hash.ToHex();
        return steps.Select((step, index) => RowOf(root, watched.Call, step, OwnOf(steps, index, watched.Call, attempts)) with
        {
            PromptHash = hash,
            PromptLength = prompt.Length,
            Prompt = prompt.Kept,
            IsPromptCut = prompt.Kept?.Length < prompt.Length,
            Tenant = options.RecordTenants ? root.Tenant : null,
        });
    }

    /// <summary>The attempts that a decision led to: those at its model from then on, up to the next decision for the same model.</summary>
    private static CallAttempt[] OwnOf(RouteStep[] steps, int index, LlmCall call, IReadOnlyList<CallAttempt> attempts)
    {
        var step = steps[index];
        var until = steps.Skip(index + 1).FirstOrDefault(later => later.Model == step.Model)?.At ?? TimeSpan.MaxValue;
        var isFirst = !steps.Take(index).Any(earlier => earlier.Model == step.Model);
        return [.. attempts.Where(attempt => attempt.Purpose == call.Purpose && attempt.Model == step.Model && (isFirst || attempt.Started >= step.At) && attempt.Started < until)];
    }

    private static RoutingTrace RowOf(LlmCall root, LlmCall call, RouteStep step, CallAttempt[] attempts)
    {
        var decision = step.Routing!;
        return new()
        {
            Id = decision.Id,
            CallId = root.Id,
            Purpose = call.Purpose,
            Time = call.StartedAt + step.At,
            Policy = decision.Policy,
            PolicyVersion = decision.PolicyVersion,
            Candidates = decision.Candidates,
            Model = decision.Model,
            Reason = decision.Reason,
            Score = decision.Score,
            Threshold = decision.Threshold,
            Propensity = decision.Propensity,
            IsForced = decision.IsForced,
            Feature = root.Feature,
            Status = root.Status,
            Failure = attempts.LastOrDefault()?.Failure?.Kind,
            Attempts = attempts.Length,
            InputTokens = attempts.Sum(attempt => attempt.Usage.Input),
            OutputTokens = attempts.Sum(attempt => attempt.Usage.Output),
            Cost = Array.TrueForAll(attempts, attempt => attempt.Priced) ? attempts.Sum(attempt => attempt.Cost) : null,
            Seconds = root.Duration.TotalSeconds,
        };
    }
}
