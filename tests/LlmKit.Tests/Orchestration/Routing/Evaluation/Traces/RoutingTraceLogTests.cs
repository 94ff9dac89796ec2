using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Drafts;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation.Traces;

/// <summary>What is on record of a router's decisions, on the composed path.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RoutingTraceLogTests(bool streamed)
{
    private static readonly string[] s_both = ["weak", "strong"];

    private readonly ScriptedChatClient _weak = new(ScriptedAnswer.Text("from weak"));
    private readonly ScriptedChatClient _strong = new(ScriptedAnswer.Text("from strong"));
    private readonly ScriptedChatClient _down = new(ScriptedAnswer.Throws(Failures.Http(503)));
    private readonly RoutingTraceLog _log = new();

    [Test]
    public async Task Record_AnAnswer_HasTheDecisionAndWhatCameOfIt()
    {
        using var host = Host(_weak, _strong);

        var outcome = await Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { Tenant = "acme", Feature = "search" }, "a long prompt");

        var (call, trace) = (outcome.Call!, _log.Snapshot().Single());
        Assert.That((trace.Id, trace.CallId, trace.Time), Is.EqualTo(($"{call.Id}.1", call.Id, call.StartedAt)));
        Assert.That((trace.Policy, trace.PolicyVersion[..5], trace.Model, trace.Reason), Is.EqualTo(("length", "1@10:", "strong", "policy")));
        Assert.That((trace.Score, trace.Threshold, trace.Propensity, trace.Feature), Is.EqualTo(((double?)13, (double?)10, (double?)1, "search")));
        Assert.That(trace.Candidates, Is.EqualTo(s_both));
        Assert.That((trace.AnsweredBy, trace.IsAnswer, trace.Status, trace.Attempts, trace.Failure), Is.EqualTo(("strong", true, CallStatus.Completed, 1, (ModelFailureKind?)null)));
        Assert.That((trace.InputTokens, trace.OutputTokens, trace.Cost), Is.EqualTo((call.Usage.Input, call.Usage.Output, call.Cost)));
        Assert.That(trace.Cost, Is.GreaterThan(0));
        Assert.That(trace.Outcome, Is.Null);
    }

    [Test]
    public async Task Record_ByDefault_KeepsNeitherPromptNorTenant()
    {
        using var host = Host(_weak, _strong);

        await Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { Tenant = "acme" }, "my diagnosis");
        await Outcome.OfAsync(host.Chat, streamed, prompt: "my diagnosis");

        var traces = _log.Snapshot();
        Assert.That(traces.Select(trace => (trace.Prompt, trace.Tenant, trace.PromptLength)), Is.All.EqualTo(((string?)null, (string?)null, 12)));
        Assert.That(traces[0].PromptHash, Has.Length.EqualTo(64).And.EqualTo(traces[1].PromptHash));
    }

    [Test]
    public async Task Record_PromptsAndTenantsByOption_KeepsThem()
    {
        var log = new RoutingTraceLog(options => (options.RecordPrompts, options.RecordTenants) = (true, true));
        using var host = Host(_weak, _strong, log);

        await Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { Tenant = "acme" }, "hello");

        Assert.That(log.Snapshot().Select(trace => (trace.Prompt, trace.Tenant)), Is.EqualTo(new[] { ("hello", "acme") }));
    }

    [Test]
    public async Task Record_AFallback_GivesTheOutcomeToTheDecisionThatAnswered()
    {
        using var host = Host(_weak, _down);

        var outcome = await Outcome.OfAsync(host.Chat, streamed, prompt: "a long prompt");
        await FeedbackOf(host).RecordAsync(outcome.Call!.Id, 0.25, "vague");

        var traces = _log.Snapshot();
        Assert.That(traces.Select(trace => trace.Id), Is.EqualTo([$"{outcome.Call.Id}.1", $"{outcome.Call.Id}.2"]));
        Assert.That(traces.Select(trace => (trace.Model, trace.AnsweredBy, trace.IsAnswer, trace.Attempts, trace.Failure)), Is.EqualTo(new (string, string?, bool, int, ModelFailureKind?)[]
        {
            ("strong", "weak", false, 1, ModelFailureKind.Overloaded), ("weak", "weak", true, 1, null),
        }));
        Assert.That(traces.Select(trace => trace.Outcome), Is.EqualTo(new[] { null, new RoutingOutcome(0.25, "vague") }));
        Assert.That(traces.Sum(trace => trace.Cost), Is.EqualTo(outcome.Call.Cost));
    }

    [Test]
    public async Task Record_AFailure_HasNoAnswer()
    {
        using var host = Host(_down, _down);

        await Outcome.OfAsync(host.Chat, streamed, prompt: "a long prompt");

        Assert.That(
            _log.Snapshot().Select(trace => (trace.Status, trace.AnsweredBy, trace.IsAnswer)),
            Is.EqualTo(new (CallStatus, string?, bool)[] { (CallStatus.Failed, null, false), (CallStatus.Failed, null, false) }));
    }

    [Test]
    public async Task Record_AModelThatTheLimiterRefuses_WasNotAsked()
    {
        using var host = Host(_weak, _strong, more: builder => builder.UseBudget(budget => budget.PerCall("each", 0.000_000_1m)));

        await Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { AllowFallback = false }, "a long prompt");

        Assert.That(_log.Snapshot().Select(trace => (trace.Status, trace.Attempts, trace.Cost, trace.IsAnswer)), Is.EqualTo(new[] { (CallStatus.Failed, 0, (decimal?)0, false) }));
    }

    [Test]
    public async Task Record_ACancelledCall_SaysSo()
    {
        using var leaving = new CancellationTokenSource();
        using var host = Host(_weak, new ScriptedChatClient(ScriptedAnswer.Hangs()));
        var asking = Outcome.OfAsync(host.Chat, streamed, prompt: "a long prompt", cancellationToken: leaving.Token);

        Assert.That(_log.Snapshot(), Is.Empty);
        await leaving.CancelAsync();
        await asking;

        Assert.That(_log.Snapshot().Select(trace => (trace.Model, trace.Status, trace.IsAnswer)), Is.EqualTo(new[] { ("strong", CallStatus.Cancelled, false) }));
    }

    [Test]
    public async Task Score_BeforeTheCallHasEnded_IsKept()
    {
        LlmCall? call = null;
        var weak = new InspectingChatClient(_weak, _ => Assert.That(_log.Score(call!.Id, 1, source: "rule"), Is.True));
        using var host = Host(weak, _strong, more: builder => builder.UseAtOpening(opened => call = opened));

        await Outcome.OfAsync(host.Chat, streamed);

        Assert.That(_log.Snapshot().Single().Outcome, Is.EqualTo(new RoutingOutcome(1, null, "rule")));
    }

    [Test]
    public async Task Score_Twice_TheLastCountsAndIsCounted()
    {
        using var host = Host(_weak, _strong);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;

        await FeedbackOf(host).RecordAsync(call.Id, 1);
        _log.Score($"{call.Id}.1", 0, source: "judge");

        Assert.That((_log.Snapshot().Single().Outcome, _log.Duplicates), Is.EqualTo((new RoutingOutcome(0, null, "judge"), 1L)));
    }

    [Test]
    public async Task Score_AnUnknownCall_IsCountedAndHarmsNothing()
    {
        using var host = Host(_weak, _strong);
        await Outcome.OfAsync(host.Chat, streamed);

        Assert.That(await FeedbackOf(host).RecordAsync("nobody", 1), Is.False);

        Assert.That((_log.Unknown, _log.Snapshot().Single().Outcome), Is.EqualTo((1L, (RoutingOutcome?)null)));
    }

    [Test]
    public async Task Score_OneDecisionOfSeveral_JoinsThatAlone()
    {
        using var host = Host(_weak, _down);
        var call = (await Outcome.OfAsync(host.Chat, streamed, prompt: "a long prompt")).Call!;

        Assert.That((_log.Score($"{call.Id}.1", 0), _log.Score($"{call.Id}.2", 1)), Is.EqualTo((true, true)));

        Assert.That(_log.Snapshot().Select(trace => trace.Outcome?.Score), Is.EqualTo(new double?[] { 0, 1 }));
        Assert.That(_log.Duplicates, Is.Zero);
    }

    [Test]
    public async Task Score_ADecisionThatIsNone_IsCountedAsUnknown()
    {
        LlmCall? opened = null;
        var weak = new InspectingChatClient(_weak, _ => _log.Score($"{opened!.Id}.8", 1));
        using var host = Host(weak, _strong, more: builder => builder.UseAtOpening(call => opened = call));
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;

        Assert.That((_log.Score($"{call.Id}.7", 1), _log.ScoreShadow($"{call.Id}.x", "strong", 1)), Is.EqualTo((false, false)));

        Assert.That((_log.Unknown, _log.Snapshot().Single().Outcome, _log.Snapshot().Single().Shadows), Is.EqualTo((3L, (RoutingOutcome?)null, (IReadOnlyDictionary<string, ShadowOutcome>?)null)));
    }

    [Test]
    public async Task Record_AStrategyWithoutAPolicy_HasItsDecisions([Values] bool isWeighted)
    {
        using var host = Host(_down, _strong, router: options =>
        {
            options.Policy = null;
            _ = isWeighted ? options.Weighted(("weak", 1e9), ("strong", 1e-9)) : options.Priority("weak", "strong");
        });

        var outcome = await Outcome.OfAsync(host.Chat, streamed);

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        Assert.That(_log.Snapshot().Select(trace => (trace.Policy, trace.Model, trace.Reason, trace.IsAnswer)), Is.EqualTo(new[]
        {
            (isWeighted ? "weighted" : "priority", "weak", "policy", false), (isWeighted ? "weighted" : "priority", "strong", "policy", true),
        }));
        Assert.That(_log.Snapshot().Select(trace => trace.Propensity), Is.All.EqualTo(1).Within(1e-9));
    }

    [Test]
    public async Task Record_ACanary_CanBeReplayed()
    {
        using var host = Host(_weak, _strong, router: options => options.Use(RoutingPolicies.Sticky(key: null, ("weak", 3), ("strong", 1))));
        for (var user = 0; user < 80; user++)
        {
            var outcome = await Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { User = $"user {user}" });
            _log.Score(outcome.Call!.Id, outcome.Text == "from strong" ? 1 : 0);
        }

        var replay = PolicyEvaluator.Replay(_log.Snapshot(), [RoutingPolicies.Pin("strong")], new() { OneSided = ReplayEstimator.SelfNormalized }).Policies[0];

        Assert.That(replay.Quality.Value, Is.EqualTo(1).Within(1e-9));
        Assert.That(_log.Snapshot().Select(trace => trace.Propensity), Is.All.EqualTo(0.75).Or.EqualTo(0.25));
    }

    [Test]
    public async Task Record_ACascade_HasEachDraftAndEachEscalation([Values] bool isGood)
    {
        using var host = Cascade(isGood);

        var outcome = await Outcome.OfAsync(host.Chat, streamed);
        await FeedbackOf(host).RecordAsync(outcome.Call!.Id, 1);

        var rows = _log.Snapshot();
        var accepted = ("cascade", "weak", "draft", 1.0, (double?)null, (double?)null, "weak,strong", isGood);
        var escalated = ("cascade", "strong", "escalated by rated", 1.0, 0.2, 0.5, "weak,strong", true);
        Assert.That(
            rows.Select(row => (row.Policy, row.Model, row.Reason, row.Propensity!.Value, row.Score, row.Threshold, string.Join(',', row.Candidates), row.IsAnswer)),
            Is.EqualTo(isGood ? [accepted] : new[] { accepted, escalated }));
        Assert.That(rows.Select(row => row.PolicyVersion).Distinct().Single(), Does.Match("^1:[0-9a-f]{8}$"));
        Assert.That(rows.Single(row => row.Outcome is not null).IsAnswer);
        Assert.That(outcome.Call.Steps.OfType<RouteStep>().Where(step => step.Decision == "chosen").Select(step => step.Reason), Is.EqualTo(rows.Select(row => row.Reason)));
    }

    [Test]
    public async Task Record_ACascade_TellsOfNoOtherPolicy([Values] bool isGood, [Values("weak", "strong")] string other)
    {
        using var host = Cascade(isGood);
        for (var i = 0; i < 3; i++)
            _log.Score((await Outcome.OfAsync(host.Chat, streamed)).Call!.Id, 1);

        var replay = () => PolicyEvaluator.Replay(_log.Snapshot(), [RoutingPolicies.Pin(other)], new() { OneSided = ReplayEstimator.SelfNormalized });

        if (other == (isGood ? "weak" : "strong"))
            Assert.That(replay().Policies[0].Quality.Value, Is.EqualTo(1));
        else
            Assert.That(() => replay(), Throws.InstanceOf<ReplayRefusedException>().With.Message.Contains("otherwise"));
    }

    [Test]
    public async Task Record_AListForAKindOfFailure_HasItsDecisions()
    {
        using var host = Host(_down, _strong, router: options => options.Use(RoutingPolicies.Pin("weak"), "weak").FallbackTo(ModelFailureKind.Transient, "strong"));

        var outcome = await Outcome.OfAsync(host.Chat, streamed);

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        Assert.That(_log.Snapshot().Select(trace => (trace.Policy, trace.Model, trace.Reason, trace.Propensity, trace.IsAnswer)), Is.EqualTo(new[]
        {
            ("priority", "weak", "policy", 1.0, false), ("fallback", "strong", "declared for Transient", 1.0, true),
        }));
    }

    [Test]
    public async Task Record_TwoPipelines_HearOfAnOutcomeOnce()
    {
        using var host = Host(_weak, _strong, before: services => services.AddLlmPipeline("other").AddModel("weak", _weak).UseRouter(options => options.Use(RoutingPolicies.Pin("weak")).Record(_log)));
        await Outcome.OfAsync(host.Services.GetRequiredKeyedService<IChatClient>("other"), streamed);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;

        await FeedbackOf(host).RecordAsync(call.Id, 1);

        Assert.That((_log.Snapshot().Count, _log.Duplicates), Is.EqualTo((2, 0L)));
    }

    [Test]
    public async Task Dispose_OneOfTwoPipelines_LeavesTheOtherItsOutcomes()
    {
        using var host = Host(_weak, _strong, before: services => services.AddLlmPipeline("other").AddModel("weak", _weak).UseRouter(options => options.Use(RoutingPolicies.Pin("weak")).Record(_log)));
        var other = host.Services.GetRequiredKeyedService<IChatClient>("other");
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;

        other.Dispose();
        other.Dispose();

        Assert.That(await FeedbackOf(host).RecordAsync(call.Id, 1), Is.True);
    }

    [Test]
    public async Task Score_ByAnotherSource_DropsTheShadowsOfTheFormer()
    {
        using var host = Host(_weak, _strong);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;
        _log.ScoreShadow(call.Id, "strong", 0.5);
        _log.Score(call.Id, 1, source: "judge");
        _log.Score(call.Id, 0.9, source: "judge");
        Assert.That(_log.Snapshot().Single().Shadows, Has.Count.EqualTo(1));

        _log.Score($"{call.Id}.1", 0);

        Assert.That((_log.Snapshot().Single().Outcome, _log.Snapshot().Single().Shadows), Is.EqualTo((new RoutingOutcome(0), (IReadOnlyDictionary<string, ShadowOutcome>?)null)));
    }

    [Test]
    public async Task Score_WhileTheCallRunsByTwoSources_KeepsTheLastAndNoShadows()
    {
        LlmCall? opened = null;
        var weak = new InspectingChatClient(_weak, _ =>
        {
            _log.Score(opened!.Id, 1, source: "judge");
            _log.ScoreShadow(opened.Id, "strong", 0.5);
            _log.Score($"{opened.Id}.1", 0);
        });
        using var host = Host(weak, _strong, more: builder => builder.UseAtOpening(call => opened = call));

        await Outcome.OfAsync(host.Chat, streamed);

        Assert.That((_log.Snapshot().Single().Outcome, _log.Snapshot().Single().Shadows), Is.EqualTo((new RoutingOutcome(0), (IReadOnlyDictionary<string, ShadowOutcome>?)null)));
    }

    [Test]
    public async Task ScoreShadow_AnotherModel_StandsBesideTheAnswer()
    {
        using var host = Host(_weak, _strong);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;

        _log.ScoreShadow(call.Id, "strong", 0.5, 0.01m);

        Assert.That(_log.Snapshot().Single().Shadows!["strong"], Is.EqualTo(new ShadowOutcome(0.5, 0.01m)));
    }

    [Test]
    public async Task Record_MoreCallsThanItHolds_DropsTheOldestAndCountsThem()
    {
        var log = new RoutingTraceLog(options => options.Capacity = 2);
        using var host = Host(_weak, _strong, log);

        foreach (var prompt in (string[])["1", "22", "333"])
            await Outcome.OfAsync(host.Chat, streamed, prompt: prompt);

        Assert.That(log.Snapshot().Select(trace => trace.PromptLength), Is.EqualTo([2, 3]));
        Assert.That(log.Dropped, Is.EqualTo(1));
    }

    [Test]
    public async Task Take_OldDecisions_LeavesThoseThatWaitForTheirOutcome()
    {
        var clock = new ManualTimeProvider();
        var log = new RoutingTraceLog(timeProvider: clock);
        using var host = Host(_weak, _strong, log, clock: clock);
        await Outcome.OfAsync(host.Chat, streamed, prompt: "1");
        clock.Advance(TimeSpan.FromHours(2));
        await Outcome.OfAsync(host.Chat, streamed, prompt: "22");

        Assert.That(log.Take(TimeSpan.FromHours(1)).Select(trace => trace.PromptLength), Is.EqualTo([1]));

        Assert.That(log.Snapshot().Select(trace => trace.PromptLength), Is.EqualTo([2]));
    }

    [Test]
    public async Task Record_WhileObserving_RecordsNothing()
    {
        using var host = Host(_weak, _strong, router: options => options.Observe = true);

        await Outcome.OfAsync(host.Chat, streamed, prompt: "a long prompt");

        Assert.That(_log.Snapshot(), Is.Empty);
    }

    [Test]
    public async Task Record_ManyCallsAtOnce_KeepsEach()
    {
        using var host = Host(_weak, _strong);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Outcome.OfAsync(host.Chat, streamed))));

        Assert.That((_log.Snapshot().Select(trace => trace.Id).Distinct().Count(), _log.Failures), Is.EqualTo((200, 0L)));
    }

    private PipelineHost Cascade(bool isGood) => Host(_weak, _strong, router: options =>
    {
        options.Policy = null;
        options.Cascade("weak", "strong").Verify(DraftChecks.Of("rated", (_, _) => new(new DraftVerdict(isGood) { Score = isGood ? 0.9 : 0.2, Threshold = 0.5 })));
    });

    private PipelineHost Host(
        IChatClient weak,
        IChatClient strong,
        RoutingTraceLog? log = null,
        Action<RouterOptions>? router = null,
        Action<LlmPipelineBuilder>? more = null,
        TimeProvider? clock = null,
        Action<IServiceCollection>? before = null) => new(
        builder =>
        {
            builder.AddModel("weak", weak, facts => facts.Price = new(1, 2));
            builder.AddModel("strong", strong, facts => facts.Price = new(10, 20));
            more?.Invoke(builder);
            builder.UseRouter(options =>
            {
                options.Use(RoutingPolicies.Length("weak", "strong", threshold: 10)).Record(log ?? _log);
                router?.Invoke(options);
            });
        },
        services =>
        {
            if (clock is not null)
                services.AddSingleton(clock);
            before?.Invoke(services);
        });

    private static LlmFeedback FeedbackOf(PipelineHost host) => host.Services.GetRequiredService<LlmFeedback>();
}
