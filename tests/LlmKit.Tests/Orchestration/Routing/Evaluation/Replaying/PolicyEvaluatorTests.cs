using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Policies;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation;

public sealed class PolicyEvaluatorTests
{
    private const double Normal95 = 1.96;
    private const double Most = 4;

    private readonly RoutingPolicy _weak = RoutingPolicies.Pin("weak");
    private readonly RoutingPolicy _strong = RoutingPolicies.Pin("strong");
    private readonly RoutingPolicy _byFeature = RoutingPolicies.When(request => request.Feature == "proofs", RoutingPolicies.Pin("strong"), RoutingPolicies.Pin("weak"));

    [Test]
    public void Replay_OneSidedTraces_ComesNearTheTruthWhichNaiveMatchingDoesNot(
        [Values(ReplayEstimator.SelfNormalized, ReplayEstimator.DoublyRobust)] ReplayEstimator estimator, [Range(1, 5)] int seed)
    {
        var traces = new SyntheticLog(seed).Draw(4_000);

        var report = PolicyEvaluator.Replay(traces, [_weak, _strong, _byFeature], new() { OneSided = estimator });

        Assert.That(report.Policies.Select(policy => policy.Estimator), Is.All.EqualTo(estimator));
        double[] truths = [SyntheticLog.AlwaysWeak, SyntheticLog.AlwaysStrong, SyntheticLog.ByFeature];
        foreach (var (policy, truth) in report.Policies.Zip(truths))
            Assert.That(policy.Quality.Value, Is.EqualTo(truth).Within(Most * ErrorOf(policy.Quality)));
        Assert.That(report.Policies.Select(policy => policy.Cost!.Value.Value), Is.EqualTo([1, 10, 5.5]).Within(0.5));
        var naive = traces.Where(trace => trace.Model == "weak").Average(trace => trace.Outcome!.Score);
        Assert.That(Math.Abs(naive - SyntheticLog.AlwaysWeak), Is.GreaterThan(2 * Most * ErrorOf(report.Policies[0].Quality)));
    }

    [Test]
    public void Replay_ManyLogs_HasTheTruthInsideItsIntervalAboutAsOftenAsItSays([Values(ReplayEstimator.SelfNormalized, ReplayEstimator.DoublyRobust)] ReplayEstimator estimator)
    {
        var inside = Enumerable.Range(100, 100).Count(seed =>
            PolicyEvaluator.Replay(new SyntheticLog(seed).Draw(1_000), [_weak], new() { OneSided = estimator }).Policies[0].Quality is var quality
            && quality.Low <= SyntheticLog.AlwaysWeak && SyntheticLog.AlwaysWeak <= quality.High);

        Assert.That(inside, Is.InRange(88, 100));
    }

    [Test]
    public void Replay_OneSidedTraces_SaysHowMuchTheyTell()
    {
        var report = PolicyEvaluator.Replay(new SyntheticLog(1).Draw(1_000), [_byFeature, _weak]);

        var (near, far) = (report.Policies[0], report.Policies[1]);
        Assert.That(near.Matched, Is.EqualTo(near.EffectiveCount).Within(1e-6).And.InRange(850, 950));
        Assert.That(far.EffectiveCount, Is.LessThan(far.Matched / 2.0));
        Assert.That(far.Shares, Is.EqualTo(new Dictionary<string, double> { ["weak"] = 1, ["strong"] = 0 }));
        Assert.That(near.Shares["strong"], Is.EqualTo(0.5).Within(0.05));
    }

    [Test]
    public void Replay_BothOutcomes_IsPairedAndTakesThemAsTheyAre()
    {
        var traces = new SyntheticLog(1).Draw(500, withShadows: true);

        var report = PolicyEvaluator.Replay([.. traces.Select(trace => trace with { Propensity = null })], [_strong, _weak]);

        Assert.That(report.Estimator, Is.EqualTo(ReplayEstimator.Paired));
        Assert.That(report.Policies[0].Quality.Value, Is.EqualTo(traces.Average(trace => ScoreOf(trace, "strong"))).Within(1e-12));
        Assert.That(report.Policies[1].Quality.Value, Is.EqualTo(traces.Average(trace => ScoreOf(trace, "weak"))).Within(1e-12));
        Assert.That(report.Policies.Select(policy => policy.Cost!.Value.Value), Is.EqualTo([10, 1]));
        var difference = report.QualityDifference(_strong, _weak);
        Assert.That(difference.Value, Is.EqualTo(report.Policies[0].Quality.Value - report.Policies[1].Quality.Value).Within(1e-12));
        Assert.That(difference.Low, Is.GreaterThan(0.1));
    }

    [Test]
    public void QualityDifference_OfAPolicyAndItself_IsNothing()
    {
        var again = RoutingPolicies.Pin("weak");

        var report = PolicyEvaluator.Replay(new SyntheticLog(1).Draw(500), [_weak, again, _strong]);

        Assert.That(report.QualityDifference(_weak, again), Is.EqualTo(new Interval(0, 0, 0)));
        Assert.That(report.QualityDifference(_strong, _weak).Value, Is.EqualTo(0.25).Within(0.15));
        Assert.That(report.CostDifference(_strong, _weak)!.Value.Value, Is.EqualTo(9).Within(1));
        Assert.That(() => report.QualityDifference(_weak, _byFeature), Throws.ArgumentException);
    }

    [Test]
    public void Replay_AbsentPropensities_IsRefused() => Refuses([.. new SyntheticLog(1).Draw(100).Select(trace => trace with { Propensity = null })], _strong, "propensity");

    [Test]
    public void Replay_PropensitiesOfZero_IsRefused() => Refuses([.. new SyntheticLog(1).Draw(100).Select(trace => trace with { Propensity = 0 })], _strong, "propensity");

    [Test]
    public void Replay_ALogThatHadNoChoice_IsRefusedForAPolicyThatChoosesOtherwise()
    {
        var traces = new SyntheticLog(1).Draw(200, mostly: 1);

        Refuses(traces, _strong, "could never have been chosen");
        Assert.That(PolicyEvaluator.Replay(traces, [_byFeature]).Policies[0].Quality.Value, Is.EqualTo(traces.Average(trace => trace.Outcome!.Score)).Within(1e-9));
    }

    [Test]
    public void Replay_AModelThatWasNeverTried_IsRefused() =>
        Refuses([.. new SyntheticLog(1).Draw(100).Select(trace => trace with { Candidates = ["weak", "strong", "third"] })], RoutingPolicies.Pin("third"), "'third'");

    [Test]
    public void Replay_TracesWithoutOutcome_AreLeftOutAndCounted()
    {
        var traces = new SyntheticLog(1).Draw(400);

        var report = PolicyEvaluator.Replay(
            [.. traces, .. traces.Select(trace => trace with { Outcome = null }), .. traces.Take(10).Select(trace => trace with { IsAnswer = false }), .. traces.Take(3).Select(trace => trace with { Reason = "pinned" })],
            [_strong]);

        Assert.That((report.Count, report.Unscored, report.Forced), Is.EqualTo((400, 410, 3)));
        Assert.That(report.Policies[0], Has.Property("Quality").EqualTo(PolicyEvaluator.Replay(traces, [_strong]).Policies[0].Quality));
    }

    [Test]
    public void Replay_DecisionsInWhichThePolicyHadNoSay_AreLeftOutAndCounted()
    {
        var traces = new SyntheticLog(1).Draw(400);
        var forced = traces.Take(3).Select(trace => trace with { Reason = "declared for Transient", Propensity = 1, IsForced = true });
        var served = traces.Take(5).Select(trace => trace with { Purpose = "sample", Propensity = 1 });

        var report = PolicyEvaluator.Replay([.. traces, .. forced, .. served], [_strong]);

        Assert.That((report.Count, report.Unscored, report.Forced), Is.EqualTo((400, 0, 8)));
        Assert.That(report.Policies[0].Quality, Is.EqualTo(PolicyEvaluator.Replay(traces, [_strong]).Policies[0].Quality));
    }

    [Test]
    public void Replay_APolicyThatThrows_IsRefusedByItsName([Values] bool isCut)
    {
        RoutingTrace[] traces = [.. new SyntheticLog(1).Draw(50).Select(trace => trace with { IsPromptCut = isCut })];

        var refusal = Assert.Throws<ReplayRefusedException>(() => PolicyEvaluator.Replay(traces, [new Broken()]));

        Assert.That(refusal.Message, Does.Contain("'broken'").And.Contain("InvalidOperationException").And.Not.Contain("a secret"));
    }

    [Test]
    public void Replay_NothingScored_IsRefused() => Refuses([.. new SyntheticLog(1).Draw(10).Select(trace => trace with { Outcome = null })], _strong, "0 of 10");

    [Test]
    public void Replay_ScoresOfSeveralSources_AreNotMixed()
    {
        var traces = new SyntheticLog(1).Draw(200);
        RoutingTrace[] mixed = [.. traces, .. traces.Select(trace => trace with { Outcome = new(0, Source: "judge") })];

        Refuses(mixed, _strong, "several sources");
        Assert.That(PolicyEvaluator.Replay(mixed, [_strong], new() { Source = "judge" }).Policies[0].Quality.Value, Is.Zero);
    }

    [Test]
    public void Replay_AllScoresAlike_IsNotCertain()
    {
        RoutingTrace[] traces = [.. new SyntheticLog(1).Draw(20, mostly: 1).Select(trace => trace with { Outcome = new(1) })];

        Assert.That(PolicyEvaluator.Replay(traces, [_byFeature]).Policies[0].Quality, Is.EqualTo(new Interval(1, 20 / (20 + (Normal95 * Normal95)), 1)).Using<Interval>(AreNear));
    }

    [Test]
    public void Replay_APolicyThatReadsWhatIsNotRecorded_IsRefused()
    {
        RoutingTrace[] traces = [.. new SyntheticLog(1).Draw(100).Select(trace => trace with { Prompt = null })];

        Refuses(traces, RoutingPolicies.Complexity("weak", "strong", 0.4), "the prompt");
        Refuses(traces, RoutingPolicies.LeastBusy(), "how busy");
        Refuses(traces, RoutingPolicies.LeastLatency(), "how fast");
        Refuses(traces, RoutingPolicies.LeastCost(), "the price");
        Refuses(traces, RoutingPolicies.Sticky(key: null, ("weak", 1), ("strong", 1)), "the user");
        Refuses(traces, RoutingPolicies.When(request => request.Tenant == "a", _weak, _strong), "the tenant");
        Refuses(traces, RoutingPolicies.When(request => request.Tags.ContainsKey("vip"), _weak, _strong), "the tags");
        Refuses(traces, RoutingPolicies.When(request => request.Messages.Count > 3, _weak, _strong), "the messages");
    }

    [Test]
    public void Replay_WithPrompts_StillKnowsNeitherMessagesNorOptionsNorTheChance()
    {
        var traces = new SyntheticLog(1).Draw(100);

        Refuses(traces, RoutingPolicies.When(request => request.Messages.Count > 3, _weak, _strong), "the messages");
        Refuses(traces, RoutingPolicies.When(request => request.Options?.Temperature > 1, _weak, _strong), "the options");
        Refuses(traces, RoutingPolicies.When(request => request.Chance < 0.5, _weak, _strong), "the chance");
        Assert.That(PolicyEvaluator.Replay(traces, [RoutingPolicies.Weighted(("weak", 1), ("strong", 3)).Exploring(0.1)]).Policies[0].Shares["weak"], Is.EqualTo(0.275).Within(1e-9));
    }

    [Test]
    public void Replay_ByLength_NeedsNoPrompts()
    {
        var traces = new SyntheticLog(1).Draw(400);
        var policy = RoutingPolicies.Length("weak", "strong", threshold: 100);

        var without = PolicyEvaluator.Replay([.. traces.Select(trace => trace with { Prompt = null })], [policy]).Policies[0];

        Assert.That(without.Shares, Is.EqualTo(PolicyEvaluator.Replay(traces, [policy]).Policies[0].Shares));
        Assert.That(without.Shares["strong"], Is.InRange(0.2, 0.8));
    }

    [Test]
    public void Features_OneSidedTraces_ComeNearTheTruthOfEach([Values(ReplayEstimator.SelfNormalized, ReplayEstimator.DoublyRobust)] ReplayEstimator estimator)
    {
        var report = PolicyEvaluator.Replay(new SyntheticLog(1).Draw(4_000), [_weak, _strong], new() { OneSided = estimator });

        Assert.That(report.Features.Select(feature => feature.Feature), Is.EquivalentTo(new[] { "proofs", "words" }));
        Assert.That(report.Features.Sum(feature => feature.Count), Is.EqualTo(4_000));
        var truths = new Dictionary<string, double[]> { ["proofs"] = [0.3, 0.8], ["words"] = [0.9, 0.9] };
        foreach (var feature in report.Features)
        {
            Assert.That(feature.Policies.Select(policy => (policy!.Name, policy.Count)), Is.All.EqualTo(("priority", feature.Count)));
            foreach (var (policy, truth) in feature.Policies.Zip(truths[feature.Feature!]))
                Assert.That(policy!.Quality.Value, Is.EqualTo(truth).Within(Most * ErrorOf(policy.Quality)));
        }
    }

    [Test]
    public void Features_BothOutcomes_AddUpToTheWhole()
    {
        var report = PolicyEvaluator.Replay(new SyntheticLog(1).Draw(500, withShadows: true), [_strong]);

        Assert.That(report.Features.Sum(feature => feature.Count * feature.Policies[0]!.Quality.Value) / 500, Is.EqualTo(report.Policies[0].Quality.Value).Within(1e-12));
        Assert.That(report.Features.Select(feature => feature.Policies[0]!.Shares["strong"]), Is.All.EqualTo(1));
    }

    [Test]
    public void Features_TooFewTraces_HaveNoFigure()
    {
        var traces = new SyntheticLog(1).Draw(1_000);
        RoutingTrace[] rare = [.. traces.Take(FeatureReplay.LeastCount - 1).Select(trace => trace with { Id = "r" + trace.Id, Feature = "rare" })];
        RoutingTrace[] untried = [.. traces.Where(trace => trace.Model == "weak").Take(200).Select(trace => trace with { Id = "u" + trace.Id, Feature = "untried", Propensity = 0.9 })];

        var report = PolicyEvaluator.Replay([.. traces, .. rare, .. untried], [_weak, _strong]);

        var figures = report.Features.ToDictionary(feature => feature.Feature!, feature => feature.Policies.Select(policy => policy is not null));
        Assert.That(figures["rare"], Is.EqualTo(new[] { false, false }));
        Assert.That(figures["untried"], Is.EqualTo(new[] { true, false }));
        Assert.That(figures["words"], Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public void Replay_PromptsThatWereCut_AreLeftOutWhereAPolicyReadsThemAndCounted()
    {
        var traces = new SyntheticLog(1).Draw(200);
        RoutingTrace[] some = [.. traces.Select((trace, index) => trace with { IsPromptCut = index % 10 == 0 })];
        var reading = RoutingPolicies.Complexity("weak", "strong", 0.4);

        var (read, unread) = (PolicyEvaluator.Replay(some, [_strong, reading]), PolicyEvaluator.Replay(some, [_strong]));

        Assert.That((read.Count, read.Cut, unread.Count, unread.Cut), Is.EqualTo((180, 20, 200, 0)));
        Assert.That(read.Policies[1].Quality, Is.EqualTo(PolicyEvaluator.Replay(some.Where(trace => !trace.IsPromptCut), [reading]).Policies[0].Quality));
        Refuses([.. traces.Select(trace => trace with { IsPromptCut = true })], reading, "MaxPromptLength");
    }

    [Test]
    public void Replay_ATenantWhereTenantsAreRecorded_MayBeMissing()
    {
        RoutingTrace[] traces = [.. new SyntheticLog(1).Draw(100).Select((trace, index) => trace with { Tenant = index % 2 == 0 ? "a" : null })];

        Assert.That(PolicyEvaluator.Replay(traces, [RoutingPolicies.When(request => request.Tenant == "a", _weak, _strong)]).Policies[0].Shares["weak"], Is.EqualTo(0.5));
    }

    [Test]
    public void Replay_APolicyWhoseProbabilitiesAreNone_IsRefused() => Refuses(new SyntheticLog(1).Draw(100), new Indifferent(), "do not add up");

    [Test]
    public void Replay_NoPolicyOrAWrongConfidence_Throws()
    {
        var traces = new SyntheticLog(1).Draw(10);

        Assert.That(() => PolicyEvaluator.Replay(traces, []), Throws.ArgumentException);
        Assert.That(() => PolicyEvaluator.Replay(traces, [_weak], new() { Confidence = 1 }), Throws.ArgumentException);
        Assert.That(() => PolicyEvaluator.Replay([.. traces.Select(trace => trace with { Model = "other" })], [_weak]), Throws.ArgumentException);
    }

    private static void Refuses(IEnumerable<RoutingTrace> traces, RoutingPolicy policy, string because) =>
        Assert.That(() => PolicyEvaluator.Replay(traces, [policy]), Throws.InstanceOf<ReplayRefusedException>().With.Message.Contains(because));

    private static double ErrorOf(Interval interval) => (interval.High - interval.Low) / 2 / Normal95;

    private static bool AreNear(Interval one, Interval other) => Math.Abs(one.Low - other.Low) < 1e-4 && Math.Abs(one.Value - other.Value) + Math.Abs(one.High - other.High) < 1e-9;

    private static double ScoreOf(RoutingTrace trace, string model) => trace.Model == model ? trace.Outcome!.Score : trace.Shadows![model].Score;

    private sealed class Broken : RoutingPolicy
    {
        public override string Name => "broken";

        public override RoutingChoice Choose(RoutingRequest context) => throw new InvalidOperationException("a secret");
    }

    private sealed class Indifferent : RoutingPolicy
    {
        public override string Name => "indifferent";

        public override RoutingChoice Choose(RoutingRequest context) => new("weak");

        public override double PropensityOf(string model, RoutingRequest context) => 1;
    }
}
