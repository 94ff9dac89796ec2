using static LlmKit.Orchestration.Routing.Evaluation.ReportText;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The part of a page on a router's own traces: what policies would have reached on them, and at each call site.</summary>
internal sealed class ReplayPart(ReplayReport replay, TextWriter writer)
{
    private const int MostFeatures = 100;

    public void Write()
    {
        WritePolicies();
        WriteFeatures();
        writer.Write(Invariant($"<section class=\"reading\"><h2>How to read the replay</h2><p>{Method()} Below each figure stands its {replay.Confidence:0.#%} interval. A difference whose interval does not hold 0 is more than chance. The effective count says how many traces of equal weight would tell as much: where it is far below the number of traces, a policy is too unlike the one that was logged. Answers that nobody scored are taken to be like the others, and calls that failed have none.</p></section>\n"));
    }

    private void WritePolicies()
    {
        var first = replay.Replayed[0];
        writer.Write($"<section><h2>On the router's own traces</h2><p>{Encode(Basis())}</p><div class=\"scroll\"><table><thead><tr><th>Policy</th><th>Quality</th><th>more than {Encode(first.Name)}</th><th>Cost, USD</th><th>Models</th><th>Effective count</th></tr></thead><tbody>");
        foreach (var (policy, reached) in replay.Replayed.Zip(replay.Policies))
        {
            writer.Write($"<tr><th>{Encode(reached.Name)} <small>{Encode(reached.Version)}</small></th>{Cell(reached.Quality, value => Percent(value))}");
            writer.Write(policy == first ? Cell("–") : Cell(replay.QualityDifference(policy, first), value => Invariant($"{value:+0.0%;-0.0%;0.0%}")));
            writer.Write($"{Cell(reached.Cost, Money)}{Cell(string.Join(", ", reached.Shares.Where(share => share.Value > 0).OrderByDescending(share => share.Value).Select(share => Invariant($"{share.Key} {share.Value:0%}"))))}{Cell(Invariant($"{reached.EffectiveCount:#,0}"))}</tr>");
        }

        writer.Write("</tbody></table></div></section>\n");
    }

    private void WriteFeatures()
    {
        if (replay.Features.Count == 0)
            return;
        writer.Write("<section><h2>Replay by call site</h2><p>The mean score that each policy would have reached there.</p><div class=\"scroll\"><table><thead><tr><th>Call site</th><th>n</th>");
        foreach (var policy in replay.Policies)
            writer.Write($"<th>{Encode(policy.Name)}</th>");
        writer.Write("</tr></thead><tbody>");
        foreach (var feature in replay.Features.Take(MostFeatures))
        {
            writer.Write($"<tr><th>{(feature.Feature is null ? "<i>none</i>" : Encode(feature.Feature))}</th>{Cell(Invariant($"{feature.Count:#,0}"))}");
            foreach (var policy in feature.Policies)
                writer.Write(policy is null ? Cell("too few") : Cell(policy.Quality, value => Percent(value)));
            writer.Write("</tr>");
        }

        writer.Write("</tbody></table></div>");
        if (replay.Features.Count > MostFeatures)
            writer.Write(Invariant($"<p>{replay.Features.Count - MostFeatures} more call sites have fewer traces each and are not shown.</p>"));
        writer.Write("</section>\n");
    }

    private string Basis() => Invariant(
        $"{replay.Count:#,0} decisions whose answers were scored. Left out: {replay.Unscored:#,0} that nobody scored, {replay.Forced:#,0} in which the policy had no say, {replay.Cut:#,0} whose prompt was cut.");

    private string Method() => replay.Estimator switch
    {
        ReplayEstimator.Paired => "The outcome of each model that a policy chooses is known, and counts as it is.",
        ReplayEstimator.SelfNormalized => "One outcome is known of each request; it counts by how much rather the policy chooses that model than the one that was logged (SNIPS).",
        _ => "One outcome is known of each request; a simple model of the outcomes says what others would have been, corrected by how much rather the policy chooses the model that was logged (doubly robust).",
    };
}
