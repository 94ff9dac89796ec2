using LlmKit.Orchestration.Routing.Complexity;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Orchestration.Routing.Learning;

namespace Evaluate;

/// <summary>One way of splitting the requests: policies are fitted on one part and scored on the other.</summary>
internal sealed class RouteSplit
{
    private readonly RouteRow[] _train;
    private readonly RouteRow[] _test;
    private readonly int _seed;

    public RouteSplit(IReadOnlyList<RouteRow> rows, double share, int seed)
    {
        RouteRow[] shuffled = [.. rows];
        new Random(seed).Shuffle(shuffled);
        var count = Math.Clamp((int)(rows.Count * share), 1, rows.Count - 2);
        (_train, _test, _seed) = (shuffled[..count], shuffled[count..], seed);
    }

    public RouteRow[] Test => _test;

    /// <summary>Gives the report on the part that was not trained on, about the policy that knows the most.</summary>
    public RoutingReport Report(double floor, string? note = null)
    {
        var scores = Scores().Reverse().ToList();
        return RoutingReport.Of(
            _test.Select((row, index) => new ReportedRequest
            {
                Weak = ScoreOf(row.Weak),
                Strong = ScoreOf(row.Strong),
                PromptLength = row.Prompt.Length,
                Feature = row.Subject,
                Scores = [.. scores.Select(policy => KeyValuePair.Create(policy.Policy, policy.Scores[index]))],
            }),
            options => (options.Note, options.QualityFloor, options.Seed) = (note, floor, _seed));
    }

    /// <summary>Gives the scores of each policy that the data allow, those that know more after those that know less.</summary>
    private IEnumerable<(string Policy, double[] Scores)> Scores()
    {
        yield return ("keyword", Array.ConvertAll(_test, row => PromptComplexity.Of(row.Prompt)));
        var learned = GainModel.FitPrompts(_train.Select(row => ExampleOf(row, withSite: false)));
        yield return ("learned", Array.ConvertAll(_test, row => learned.Predict(row.Prompt)));
        if (_train.Any(row => row.Subject is not null))
        {
            var sites = CallSiteGains.Fit(_train.Select(row => ExampleOf(row, withSite: true)));
            yield return ("callsite", Array.ConvertAll(_test, row => sites.Of(row.Subject)));
            var both = GainModel.FitPrompts(_train.Select(row => ExampleOf(row, withSite: true)));
            yield return ("learned+callsite", Array.ConvertAll(_test, row => both.Predict(row.Prompt, row.Subject)));
        }

        if (_train.Concat(_test).All(row => row.Draft is not null))
        {
            yield return ("cascade-untrained", Array.ConvertAll(_test, row => DraftSuspicion.Of(row.Prompt, row.Draft)));
            var verifier = GainModel.FitDrafts(_train.Select(row => ExampleOf(row, withSite: true)));
            yield return ("cascade", Array.ConvertAll(_test, row => verifier.Predict(row.Prompt, row.Subject, row.Draft)));
        }
    }

    /// <summary>Calibrates the learned policy on a fifth of what it was not fitted on, and gives whether the floor is missed on the rest.</summary>
    public FloorTrial TryFloor(double part)
    {
        var model = GainModel.FitPrompts(_train.Select(row => ExampleOf(row, withSite: true)));
        var outcomes = Array.ConvertAll(_test, row => Scored(row, model.Predict(row.Prompt, row.Subject)));
        // The fewer requests judge it, the more of their own chance is taken for a miss: with as many as calibrate it, twice as often.
        var few = outcomes.Length / 5;
        var calibration = ThresholdCalibration.ForQualityFloor(outcomes.Take(few), part);
        var rest = outcomes[few..];
        var quality = rest.Average(outcome => outcome.Score >= calibration.Point.Threshold ? outcome.Strong : outcome.Weak);
        return new(quality < part * rest.Average(outcome => outcome.Strong), rest.Average(outcome => outcome.Score >= calibration.Point.Threshold ? 1.0 : 0));
    }

    private static RoutingExample ExampleOf(RouteRow row, bool withSite) =>
        new(row.Prompt) { CallSite = withSite ? row.Subject : null, Draft = row.Draft, Weak = ScoreOf(row.Weak), Strong = ScoreOf(row.Strong) };

    private static ScoredOutcome Scored(RouteRow row, double score) => new(score, ScoreOf(row.Weak), ScoreOf(row.Strong));

    private static double ScoreOf(bool isRight) => isRight ? 1 : 0;
}
