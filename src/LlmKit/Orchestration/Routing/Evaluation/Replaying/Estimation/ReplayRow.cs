using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>A trace whose answer was scored, as a replay sees it.</summary>
internal sealed class ReplayRow
{
    private const uint FirstHash = 2_166_136_261;
    private const uint NextHash = 16_777_619;

    private readonly RoutingTrace _trace;

    public ReplayRow(RoutingTrace trace, bool knowsTenant)
    {
        _trace = trace;
        Request = new(trace.Candidates, trace.Tenant, knowsTenant, trace.Feature, trace.IsPromptCut ? null : trace.Prompt, trace.PromptLength);
        Score = trace.Outcome!.Score;
        // The decisions of one call are never on both sides.
        Fold = (int)(trace.CallId.Aggregate(FirstHash, (hash, c) => unchecked((hash ^ c) * NextHash)) >> 16) & 1;
    }

    public RoutingRequest Request { get; }

    public IReadOnlyList<string> Candidates => _trace.Candidates;

    public string Model => _trace.Model;

    public string? Feature => _trace.Feature;

    public int PromptLength => _trace.PromptLength;

    /// <summary>Gets whether no more than the beginning of the prompt is known, so that policies do not get it.</summary>
    public bool IsPromptCut => _trace.IsPromptCut;

    public double? Propensity => _trace.Propensity;

    public double Score { get; }

    public decimal? Cost => _trace.Cost;

    /// <summary>Gets which half the row belongs to, 0 or 1: what is predicted for one half is learned from the other.</summary>
    public int Fold { get; }

    /// <summary>Gets the models whose answers were scored.</summary>
    public IEnumerable<string> Known => _trace.Shadows is { } shadows ? shadows.Keys.Append(Model).Distinct() : [Model];

    /// <summary>Gets whether a policy asks for what this row does not hold.</summary>
    public bool IsUnreadable(RoutingPolicy policy)
    {
        try
        {
            _ = policy.PropensityOf(Model, Request);
            return false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception is UnrecordedFactException;
        }
    }

    /// <summary>Gives how good a model's answer was, if anybody knows.</summary>
    public double? ScoreOf(string model) => model == Model ? Score : _trace.Shadows?.GetValueOrDefault(model)?.Score;

    /// <summary>Gives what a model's answer cost, if anybody knows.</summary>
    public double? CostOf(string model) => (double?)(model == Model ? Cost : _trace.Shadows?.GetValueOrDefault(model)?.Cost);
}
