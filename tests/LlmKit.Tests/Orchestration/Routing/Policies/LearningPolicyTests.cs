using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Testing;
using LlmKit.Tests.Orchestration.Routing.Evaluation;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Policies;

public sealed class LearningPolicyTests
{
    private readonly LearningPolicy _policy = new(GainModel.FitPrompts([]), "weak", "strong", 0.5);

    [Test]
    public void Refit_OneSidedTraces_LearnsWhichRequestsAreWorthIt()
    {
        var model = _policy.Refit(new SyntheticLog(3).Draw(3_000, mostly: 0.6), strongShare: 0.4);

        Assert.That((model.Basis, _policy.Model), Is.EqualTo((GainBasis.Learned, model)));
        var worth = new SyntheticLog(4).Draw(500).Where(trace => ChoiceOf(trace.Prompt!, trace.Feature) == "strong").ToList();
        Assert.That(worth, Has.Count.EqualTo(200).Within(40));
        Assert.That(worth.Count(trace => trace.Feature == "proofs"), Is.GreaterThan(0.95 * worth.Count));
    }

    [Test]
    public void Refit_TooFewTraces_SaysSoAndGoesByLength()
    {
        var model = _policy.Refit(new SyntheticLog(3).Draw(100), strongShare: 0.5);

        Assert.That((model.Basis, _policy.Model), Is.EqualTo((GainBasis.Length, model)));
        Assert.That((ChoiceOf(new('x', 500)), ChoiceOf("x")), Is.EqualTo(("strong", "weak")));
    }

    [Test]
    public async Task Choose_ByLength_IsOnRecordWithItsReason()
    {
        _policy.Refit(new SyntheticLog(3).Draw(300, mostly: 0.6), strongShare: 0.5);
        using var router = Routers.Alone(new RouterOptions().Use(_policy.Exploring(1e-9)), ("weak", new ScriptedChatClient(ScriptedAnswer.Text("w"))), ("strong", new ScriptedChatClient(ScriptedAnswer.Text("s"))));

        var byLength = await DecisionAsync(router);
        _policy.Refit(new SyntheticLog(3).Draw(3_000, mostly: 0.6), strongShare: 0.5);
        var learned = await DecisionAsync(router);

        Assert.That((byLength.Policy, learned.Policy, learned.Reason), Is.EqualTo(("learned-by-length", "learned", "policy")));
        Assert.That(byLength.Reason, Does.Match("^by length: [67][0-9] of 200 examples$"));
    }

    [Test]
    public void Refit_TooFewTraces_KeepsWhatWasLearned()
    {
        var learned = _policy.Refit(new SyntheticLog(3).Draw(3_000, mostly: 0.6), strongShare: 0.5);

        var model = _policy.Refit(new SyntheticLog(4).Draw(100), strongShare: 0.5);

        Assert.That((model.Basis, _policy.Model), Is.EqualTo((GainBasis.Length, learned)));
    }

    [Test]
    public void Refit_AShare_SendsSoManyToTheStrongModel([Values(0, 0.25, 1)] double share)
    {
        var traces = new SyntheticLog(3).Draw(2_000, mostly: 0.6);

        _policy.Refit(traces, share);

        Assert.That(traces.Average(trace => ChoiceOf(trace.Prompt!, trace.Feature) == "strong" ? 1.0 : 0), Is.EqualTo(share).Within(0.03));
    }

    [Test]
    public void Refit_NoPrompts_IsRefused() =>
        Assert.That(() => _policy.Refit([.. new SyntheticLog(3).Draw(10).Select(trace => trace with { Prompt = null })], 0.5), Throws.ArgumentException.With.Message.Contains("RecordPrompts"));

    [Test]
    public void Refit_DecisionsThatThePolicyDidNotMake_MoveNoThreshold()
    {
        var traces = new SyntheticLog(3).Draw(2_000, mostly: 0.6);
        var hard = traces.Where(trace => trace.Feature == "proofs").Select(trace => trace with { Outcome = null }).ToList();
        var other = new LearningPolicy(GainModel.FitPrompts([]), "weak", "strong", 0.5);

        _policy.Refit(traces, strongShare: 0.5);
        other.Refit(
            [
                .. traces,
                .. hard.Select(trace => trace with { CallId = $"p{trace.CallId}", Reason = "pinned" }),
                .. hard.Select(trace => trace with { CallId = $"f{trace.CallId}", IsForced = true }),
                .. hard.Select(trace => trace with { CallId = $"s{trace.CallId}", Purpose = "sample" }),
                .. hard.Select(trace => trace with { Id = $"{trace.CallId}.2", Time = trace.Time.AddSeconds(1) }),
            ],
            strongShare: 0.5);

        Assert.That((other.Model.Version, other.Threshold), Is.EqualTo((_policy.Model.Version, _policy.Threshold)));
    }

    [Test]
    public void Refit_NoDecisionOfThePolicy_IsRefused() =>
        Assert.That(
            () => _policy.Refit(new SyntheticLog(3).Draw(10).Select(trace => trace with { IsForced = true }), 0.5),
            Throws.ArgumentException.With.Message.Contains("policy"));

    [Test]
    public void FitTraces_ScoresOfSeveralSources_AreNotMixed()
    {
        var traces = new SyntheticLog(3).Draw(500, withShadows: true);
        RoutingTrace[] mixed = [.. traces, .. traces.Select(trace => trace with { Outcome = trace.Outcome! with { Source = "judge" } })];

        Assert.That(() => GainModel.FitTraces(mixed, "weak", "strong"), Throws.ArgumentException.With.Message.Contains("several sources"));
        Assert.That(() => _policy.Refit(mixed, 0.5), Throws.ArgumentException.With.Message.Contains("several sources"));
        Assert.That(GainModel.FitTraces(mixed, "weak", "strong", "judge").Version, Is.EqualTo(GainModel.FitTraces(traces, "weak", "strong").Version));
        Assert.That(_policy.Refit(mixed, 0.5, RoutingOutcome.User).Examples, Is.EqualTo(500));
    }

    [Test]
    public void FitTraces_DecisionsForCallsThatServeAnother_TeachNothing() =>
        Assert.That(GainModel.FitTraces(new SyntheticLog(3).Draw(500, withShadows: true).Select(trace => trace with { Purpose = "sample" }), "weak", "strong").Examples, Is.Zero);

    [Test]
    public void FitTraces_AShadowBesideAThirdModel_HasNoPropensityAndTeachesNothing()
    {
        var traces = new SyntheticLog(3).Draw(500, withShadows: true)
            .Select(trace => trace with { Candidates = ["weak", "strong", "third"], Model = "third", Shadows = new Dictionary<string, ShadowOutcome> { ["weak"] = new(1) } });

        Assert.That(GainModel.FitTraces(traces, "weak", "strong").Examples, Is.Zero);
    }

    [Test]
    public void FitTraces_TracesWithoutAChoice_TeachNothing()
    {
        var model = GainModel.FitTraces(new SyntheticLog(3).Draw(2_000, mostly: 1), "weak", "strong");

        Assert.That((model.Basis, model.Examples), Is.EqualTo((GainBasis.Length, 0)));
    }

    [Test]
    public void FitTraces_TracesWithoutAChoiceButWithShadows_Teach()
    {
        var model = GainModel.FitTraces(new SyntheticLog(3).Draw(500, mostly: 1, withShadows: true), "weak", "strong");

        Assert.That((model.Basis, model.Examples), Is.EqualTo((GainBasis.Learned, 500)));
    }

    [Test]
    public async Task Refit_WhileARouterRuns_IsAnotherVersionFromTheNextDecisionOn()
    {
        using var router = Routers.Alone(new RouterOptions().Use(_policy.Exploring(1e-9)), ("weak", new ScriptedChatClient(ScriptedAnswer.Text("w"))), ("strong", new ScriptedChatClient(ScriptedAnswer.Text("s"))));
        var before = await DecisionAsync(router);

        _policy.Refit(new SyntheticLog(3).Draw(3_000, mostly: 0.6), strongShare: 1);
        var after = await DecisionAsync(router);

        Assert.That((before.Model, after.Model), Is.EqualTo(("weak", "strong")));
        Assert.That(after.PolicyVersion, Is.EqualTo($"{_policy.Version}+explore@1E-09").And.Not.EqualTo(before.PolicyVersion));
        Assert.That(_policy.Version, Does.StartWith(_policy.Model.Version));
    }

    [Test]
    public async Task Choose_ASwapMeanwhile_IsOnRecordUnderTheVersionThatChose()
    {
        var other = GainModel.FitTraces(new SyntheticLog(3).Draw(500, withShadows: true), "weak", "strong");
        var swaps = 0;
        using var router = Routers.Alone(
            new RouterOptions().Use(RoutingPolicies.When(_ => Swapped(), _policy, _policy)),
            ("weak", new ScriptedChatClient(ScriptedAnswer.Text("w"))), ("strong", new ScriptedChatClient(ScriptedAnswer.Text("s"))));

        var decision = await DecisionAsync(router);

        Assert.That((decision.PolicyVersion, swaps), Is.EqualTo(($"{_policy.Version},{_policy.Version}", 2)));

        bool Swapped()
        {
            if (swaps++ == 0)
                _policy.Swap(other, -1);
            return true;
        }
    }

    private string ChoiceOf(string prompt, string? feature = null) => _policy.Choose(new([new("weak"), new("strong")]) { Prompt = prompt, Feature = feature }).Model;

    private static async Task<RoutingDecision> DecisionAsync(RouterChatClient router) =>
        (await Outcome.OfAsync(router, streamed: false, new LlmCallOptions { Feature = "proofs" }, "Prove 3 and 4")).Call!.Steps.OfType<RouteStep>().Single().Routing!;
}
