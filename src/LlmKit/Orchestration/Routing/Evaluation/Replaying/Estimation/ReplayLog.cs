using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The traces that a replay can use, and how many it cannot.</summary>
/// <param name="Rows">Traces whose answer was scored.</param>
/// <param name="Unscored">How many nobody scored: they are missing, not wrong.</param>
/// <param name="Forced">How many were decided by no policy, or for a call that served another.</param>
/// <param name="Cut">How many were left out because their prompt was cut.</param>
internal sealed record ReplayLog(ReplayRow[] Rows, int Unscored, int Forced, int Cut = 0)
{
    private const int Least = 2;

    /// <exception cref="ReplayRefusedException">Too few are scored, or by several sources.</exception>
    /// <exception cref="ArgumentException">A trace contradicts itself.</exception>
    public static ReplayLog Of(IEnumerable<RoutingTrace> traces, string? source)
    {
        RoutingTrace[] all = [.. traces];
        RoutingTrace[] free = Array.FindAll(all, trace => trace.IsOfPolicy);
        RoutingTrace[] scored = [.. free.Where(trace => trace is { IsAnswer: true, Outcome: not null } && (source is null || trace.Outcome.Source == source))];
        if (scored.Select(trace => trace.Outcome!.Source).Distinct().Count() > 1)
            throw new ReplayRefusedException("The outcomes are of several sources, which measure different things. Choose one with ReplayOptions.Source.");
        if (scored.Length < Least)
            throw new ReplayRefusedException($"{scored.Length} of {all.Length} traces have an outcome. Score answers with LlmFeedback.RecordAsync or RoutingTraceLog.Score, and replay when there are some hundreds.");
        if (Array.Find(scored, IsWrong) is { } wrong)
            throw new ArgumentException($"The trace '{wrong.Id}' has a score outside 0 to 1, or a model that was no candidate. Leave it out.", nameof(traces));
        var knowsTenants = Array.Exists(all, trace => trace.Tenant is not null);
        return new(Array.ConvertAll(scored, trace => new ReplayRow(trace, knowsTenants)), free.Length - scored.Length, all.Length - free.Length);
    }

    /// <summary>Leaves traces out whose prompt was cut, where a policy reads prompts: what it would make of the whole nobody knows.</summary>
    /// <exception cref="ReplayRefusedException">Too few are left.</exception>
    public ReplayLog For(IReadOnlyList<RoutingPolicy> policies)
    {
        var cut = Array.FindAll(Rows, row => row.IsPromptCut);
        if (!policies.Any(policy => Array.Exists(cut, row => row.IsUnreadable(policy))))
            return this;
        var whole = Array.FindAll(Rows, row => !row.IsPromptCut);
        return whole.Length >= Least
            ? this with { Rows = whole, Cut = cut.Length }
            : throw new ReplayRefusedException($"The prompts of {cut.Length} traces were cut, and a policy reads prompts. Raise RoutingTraceLogOptions.MaxPromptLength, or replay policies that read none.");
    }

    private static bool IsWrong(RoutingTrace trace) =>
        !(trace.Outcome!.Score is >= 0 and <= 1) || !trace.Candidates.Contains(trace.Model) || trace.Shadows?.Values.All(shadow => shadow.Score is >= 0 and <= 1) == false;
}
