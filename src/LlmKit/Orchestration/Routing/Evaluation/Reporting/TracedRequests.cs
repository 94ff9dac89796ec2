using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Finds in the traces of a replay the requests that both models answered, and how policies score them: enough for a curve.</summary>
internal static class TracedRequests
{
    private const int Least = 2;

    /// <summary>A chance at which no policy explores but one that always does.</summary>
    private const double NoExploration = 0.999_999;

    /// <summary>Gives the requests, and whether their costs are known; none where there are too few, where more than two models might be meant, or no policy goes by one score.</summary>
    public static (ReportedRequest[] Requests, bool HasCosts) Of(ReplayReport replay, RoutingReportOptions options)
    {
        if (PairOf(replay.Log.Rows, options) is not ({ } weak, { } strong))
            return ([], false);
        var rows = Array.FindAll(replay.Log.Rows, row => row.ScoreOf(weak) is not null && row.ScoreOf(strong) is not null);
        var scores = rows.Length < Least ? [] : ScoresOf(replay.Replayed, rows);
        if (scores.Count == 0)
            return ([], false);
        var hasCosts = Array.TrueForAll(rows, row => row.CostOf(weak) is not null && row.CostOf(strong) is not null);
        return ([.. rows.Select((row, index) => new ReportedRequest
        {
            Weak = row.ScoreOf(weak)!.Value,
            Strong = row.ScoreOf(strong)!.Value,
            PromptLength = row.PromptLength,
            Feature = row.Feature,
            WeakCost = hasCosts ? row.CostOf(weak)!.Value : 0,
            StrongCost = hasCosts ? row.CostOf(strong)!.Value : 1,
            Scores = [.. scores.Select(policy => KeyValuePair.Create(policy.Name, policy.Scores[index]))],
        })], hasCosts);
    }

    private static (string Weak, string Strong)? PairOf(ReplayRow[] rows, RoutingReportOptions options)
    {
        if (options is { WeakModel: { } weak, StrongModel: { } strong })
            return (weak, strong);
        var several = Array.FindAll(rows, row => row.Known.Count() > 1);
        string[] models = [.. several.SelectMany(row => row.Known).Distinct()];
        if (models.Length != 2)
            return null;
        models = [.. models.OrderBy(model => several.Average(row => row.ScoreOf(model)!.Value)).ThenBy(model => model, StringComparer.Ordinal)];
        return (options.WeakModel ?? models.First(model => model != options.StrongModel), options.StrongModel ?? models.Last(model => model != options.WeakModel));
    }

    private static List<(string Name, double[] Scores)> ScoresOf(IReadOnlyList<RoutingPolicy> policies, ReplayRow[] rows)
    {
        var scores = new List<(string Name, double[] Scores)>();
        foreach (var policy in policies)
        {
            // One threshold for all, or the scores are of several kinds.
            var choices = Array.ConvertAll(rows, row => policy.Choose(row.Request.WithChance(NoExploration)));
            if (Array.TrueForAll(choices, choice => choice.Score is { } score && double.IsFinite(score) && choice.Threshold == choices[0].Threshold)
                && NameOf(policy) is { } name)
                scores.Add((name, Array.ConvertAll(choices, choice => choice.Score!.Value)));
        }

        return scores;

        string? NameOf(RoutingPolicy policy) =>
            new[] { policy.Name, policy.ToString() }.FirstOrDefault(name => !RoutingReport.Baselines.Contains(name) && !scores.Exists(policy => policy.Name == name));
    }
}
