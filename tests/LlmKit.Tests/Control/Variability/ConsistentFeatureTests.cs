using LlmKit.Calls;
using LlmKit.Control.Variability;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Variability;

[TestFixture(false)]
[TestFixture(true)]
public sealed class ConsistentFeatureTests(bool streamed)
{
    [TestCase(new[] { "billing", "Billing.", "billing", "bug", "bug" }, 3)]
    [TestCase(new[] { "billing", "bug", "billing", "Billing", "bug" }, 4)]
    [TestCase(new[] { "bug", "billing", "bug", "billing", "billing" }, 5)]
    public async Task Ask_WhenMostAgree_TakesTheirAnswerAndAsksNoMoreThanNeeded(string[] samples, int asked)
    {
        using var rig = Rig(samples);

        var (response, call) = await AskAsync(rig);

        Assert.That(response.Text, Is.EqualTo("billing"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(asked));
        Assert.That(call.Steps.OfType<VariabilityStep>().Single(), Has.Property("Decision").EqualTo("agreed").And.Property("Samples").EqualTo(asked).And.Property("Agreeing").EqualTo(3));
        Assert.That((call.Model, call.Attempts.Count), Is.EqualTo(("model", asked)));
        Assert.That(call.Cost, Is.EqualTo(call.Attempts.Sum(attempt => attempt.Cost)).And.GreaterThan(0));
    }

    [Test]
    public async Task Ask_WhenNoMajorityComes_SaysSo()
    {
        using var rig = Rig(["a", "b", "c", "d", "e"]);

        var exception = await rig.Host.Chat.FailAsync(streamed, Options());

        Assert.That(exception, Is.TypeOf<NoMajorityException>().With.Property("Agreeing").EqualTo(1).And.Property("Samples").EqualTo(5));
        Assert.That(exception.GetCall()!.Attempts, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Ask_WhenNoMajorityCanComeAnyMore_AsksNoMore()
    {
        using var rig = Rig(["a", "b", "c", "d"], declared => declared.MostSamples = 4);

        var exception = await rig.Host.Chat.FailAsync(streamed, Options());

        Assert.That(exception, Is.TypeOf<NoMajorityException>().With.Property("Samples").EqualTo(3), "3 of 4 must agree, and one more makes 2");
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Ask_WithoutAMajority_EscalatesWhereItMay()
    {
        using var rig = Rig(["a", "b", "c", "d", "e"], declared => declared.EscalateTo = "strong");

        var (response, call) = await AskAsync(rig);

        Assert.That((response.Text, call.Model), Is.EqualTo(("from strong", "strong")));
        Assert.That(call.Steps.OfType<VariabilityStep>().Select(step => step.Decision), Is.EqualTo(new[] { "no-majority", "escalated" }));
        Assert.That(call.Attempts.Select(attempt => attempt.Purpose), Is.EquivalentTo(new[] { "sample", "sample", "sample", "sample", "sample", "escalation" }));
    }

    [Test]
    public async Task Ask_WithoutAMajority_AbstainsAndTheCacheDoesNotKeepIt()
    {
        using var rig = Rig(["a", "b", "c", "d", "e", "a", "a", "a"], declared => declared.AbstainWith = "I am not sure.", cached: true);

        var (first, _) = await AskAsync(rig);
        var (second, _) = await AskAsync(rig);

        Assert.That((first.Text, second.Text), Is.EqualTo(("I am not sure.", "a")));
    }

    [Test]
    public async Task Ask_Again_IsAnsweredFromTheCacheWithoutASample()
    {
        using var rig = Rig(["a", "a", "a"], cached: true);
        await AskAsync(rig);

        var (response, call) = await AskAsync(rig);

        Assert.That((response.Text, call.Attempts.Count, rig.Model.Requests.Count), Is.EqualTo(("a", 0, 3)));
    }

    [Test]
    public async Task Ask_ASampleWithoutTheForm_HasNoVote()
    {
        using var rig = Rig(["{\"kind\":", "{\"kind\":1}", "{ \"kind\" : 1.0 }", "{\"kind\":1}"], declared => (declared.Value, declared.MostSamples) = (AnswerValues.Json, 5));

        var (response, call) = await AskAsync(rig, ChatResponseFormat.Json);

        Assert.That(response.Text, Is.EqualTo("{\"kind\":1}"));
        Assert.That(call.Steps.OfType<VariabilityStep>().Single(), Has.Property("Samples").EqualTo(4).And.Property("Agreeing").EqualTo(3));
    }

    [Test]
    public async Task Ask_ASampleThatFails_HasNoVote()
    {
        using var rig = Rig(number => number == 0 ? ScriptedAnswer.Throws(new IOException("cut")) : ScriptedAnswer.Text("a"));

        var (response, _) = await AskAsync(rig);

        Assert.That((response.Text, rig.Model.Requests.Count), Is.EqualTo(("a", 4)));
    }

    [Test]
    public async Task Ask_WhenAllSamplesFail_FailsAsTheFirstDid()
    {
        using var rig = Rig(number => ScriptedAnswer.Throws(new IOException("cut")));

        var exception = await rig.Host.Chat.FailAsync(streamed, Options());

        Assert.That(exception, Is.TypeOf<IOException>());
    }

    [Test]
    public async Task Ask_ToolCalls_AgreeByNameAndArguments()
    {
        ScriptedAnswer Call(int city) => new() { Contents = [new FunctionCallContent("c" + city, "weather", new Dictionary<string, object?> { ["city"] = city, ["unit"] = "C" })], FinishReason = ChatFinishReason.ToolCalls };
        using var rig = Rig(number => Call(number == 0 ? 1 : 2));

        var (response, _) = await AskAsync(rig);

        Assert.That(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Arguments!["city"], Is.EqualTo(2));
    }

    [Test]
    public async Task Ask_OfSeveralModels_SaysWhereEachSampleCameFrom()
    {
        var log = new RoutingTraceLog();
        using var host = TwoModels(log);

        var (response, call) = await host.Chat.AskAsync(streamed, Options());

        var step = call.Steps.OfType<VariabilityStep>().Single();
        Assert.That((response.Text, step.Samples, step.Agreeing), Is.EqualTo(("b", (int?)5, (int?)3)));
        Assert.That(step.Models, Is.EqualTo(new[] { "first", "second", "first", "second", "second" }));
    }

    [Test]
    public async Task Ask_OfSeveralModels_ShowsWhatWasDecidedForTheSamplesThatLost()
    {
        using var host = TwoModels(new());

        var (_, call) = await host.Chat.AskAsync(streamed, Options());

        Assert.That(call.Steps.OfType<RouteStep>().Select(step => step.Model), Is.EqualTo(new[] { "second" }), "the winner's are the call's own");
        Assert.That(call.Steps.OfType<SampleStep>().Select(step => (step.Sample, ((RouteStep)step.Step).Model)), Is.EqualTo(new[] { (1, "first"), (3, "first"), (4, "second"), (5, "second") }));
        Assert.That(call.Steps.OfType<SampleStep>().First().Reason, Is.EqualTo("1: router chosen"));
    }

    [Test]
    public async Task Ask_OfARouterThatRecords_HasTheDecisionsOfAllSamplesOnRecord()
    {
        var log = new RoutingTraceLog();
        using var host = TwoModels(log);

        var (_, call) = await host.Chat.AskAsync(streamed, Options());
        log.Score(call.Id, 1);

        var traces = log.Snapshot();
        Assert.That(traces.Select(trace => (trace.Model, trace.Purpose, trace.CallId, trace.AnsweredBy)), Is.EquivalentTo(new[]
        {
            ("first", "sample", call.Id, "second"), ("second", "sample", call.Id, "second"), ("first", "sample", call.Id, "second"), ("second", "sample", call.Id, "second"), ("second", "sample", call.Id, "second"),
        }));
        Assert.That(traces.Select(trace => trace.Id).Distinct().Count(), Is.EqualTo(5));
        Assert.That(traces.Select(trace => (trace.Attempts, trace.Status)), Is.All.EqualTo((1, CallStatus.Completed)));
        Assert.That(traces.Sum(trace => trace.Cost), Is.EqualTo(call.Cost));
        var answer = call.Steps.OfType<RouteStep>().Single().Routing!.Id;
        Assert.That(traces.Where(trace => trace.IsAnswer).Select(trace => (trace.Id, trace.Outcome?.Score)), Is.EqualTo(new[] { (answer, (double?)1) }));
    }

    [Test]
    public async Task Score_TheDecisionOfASample_IsJoinedToItAlone()
    {
        var log = new RoutingTraceLog();
        using var host = TwoModels(log);
        await host.Chat.AskAsync(streamed, Options());
        var lost = log.Snapshot().First(trace => !trace.IsAnswer);

        Assert.That(log.Score(lost.Id, 0.25, source: "judge"), Is.True);

        Assert.That(log.Snapshot().Where(trace => trace.Outcome is not null).Select(trace => trace.Id), Is.EqualTo(new[] { lost.Id }));
    }

    [Test]
    public async Task Ask_WithoutAMajority_HasTheDecisionsOfTheSamplesAndTheEscalationOnRecord()
    {
        var log = new RoutingTraceLog();
        using var host = TwoModels(log, declared => (declared.MostSamples, declared.EscalateTo) = (2, "second"));

        var (_, call) = await host.Chat.AskAsync(streamed, Options());

        Assert.That(call.Steps.OfType<SampleStep>().Select(step => step.Sample), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(log.Snapshot().Select(trace => (trace.Model, trace.Purpose, trace.IsAnswer)), Is.EquivalentTo(new[] { ("first", "sample", false), ("second", "sample", false), ("second", "escalation", true) }));
    }

    [Test]
    public async Task Take_FromALog_ForgetsTheSamplesToo()
    {
        var log = new RoutingTraceLog(options => options.Capacity = 1);
        using var host = TwoModels(log);
        await host.Chat.AskAsync(streamed, Options());
        var lost = log.Snapshot().First(trace => !trace.IsAnswer).Id;
        await host.Chat.AskAsync(streamed, Options());

        Assert.That((log.Dropped, log.Score(lost, 1), log.Snapshot().Select(trace => trace.CallId).Distinct().Count()), Is.EqualTo((1L, false, 1)));
        Assert.That((log.Take().Count > 0, log.Snapshot().Count, log.Failures), Is.EqualTo((true, 0, 0L)));
    }

    [Test]
    public async Task Ask_WithASeed_GivesEachSampleItsOwn()
    {
        using var rig = Rig(["a", "a", "a"]);

        await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "triage", Seed = 5 });

        Assert.That(rig.Model.Requests.Select(request => request.Options!.Seed), Is.EquivalentTo(new long?[] { 5, 6, 7 }));
    }

    [Test]
    public async Task Ask_WhenThereIsNoMoney_AsksNobody()
    {
        using var rig = Rig(["a", "a", "a"], more: builder => builder.WithConstraints(constraints => constraints.CostPerCall = 5));

        var exception = await rig.Host.Chat.FailAsync(streamed, Options());

        Assert.That(exception, Is.InstanceOf<LlmException>());
        Assert.That((exception.GetCall()!.Cost, rig.Model.Requests.Count), Is.EqualTo((0m, 0)));
    }

    [Test]
    public async Task Ask_WhenTheMoneyIsEnoughForOneAtATime_AsksOneAfterTheOther()
    {
        using var rig = Rig(_ => ScriptedAnswer.Text("a") with { Delay = TimeSpan.FromSeconds(1) }, more: builder => builder.WithConstraints(constraints => constraints.CostPerCall = 130));
        var asking = rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "triage", MaxOutputTokens = 60, AllowFallback = false });

        var (response, call) = await rig.Clock.FinishAsync(asking);

        Assert.That((response.Text, rig.Model.Requests.Count), Is.EqualTo(("a", 3)));
        Assert.That(call.Cost, Is.LessThanOrEqualTo(130));
        Assert.That(call.Steps.OfType<VariabilityStep>().Single().Samples, Is.EqualTo(3));
    }

    [Test]
    public async Task Ask_WithoutAMajority_EscalatesToNoModelThatTheTenantMayNotUse()
    {
        using var rig = Rig(["a", "b", "c", "d", "e"], declared => (declared.EscalateTo, declared.AbstainWith) = ("strong", "Not sure."), allowed: "model");

        var (response, call) = await AskAsync(rig);

        Assert.That(response.Text, Is.EqualTo("Not sure."));
        Assert.That(call.Attempts.Select(attempt => attempt.Model), Has.None.EqualTo("strong"));
    }

    [Test]
    public async Task Ask_ThatForcesAModel_EscalatesToNoOther()
    {
        using var rig = Rig(["a", "b", "c", "d", "e"], declared => (declared.EscalateTo, declared.AbstainWith) = ("strong", "Not sure."));

        var (response, _) = await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "triage", Model = "model" });

        Assert.That(response.Text, Is.EqualTo("Not sure."));
    }

    [Test]
    public async Task Ask_Cancelled_IsCancelledAndNotTakenForAFailedSample()
    {
        using var rig = Rig(_ => ScriptedAnswer.Hangs());
        using var leaving = new CancellationTokenSource();
        var asking = rig.Host.Chat.FailAsync(streamed, Options(), leaving.Token);

        await leaving.CancelAsync();

        Assert.That(await asking, Is.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Two models that are asked in turn; the first says "a", the second "b".</summary>
    private static PipelineHost TwoModels(RoutingTraceLog log, Action<ConsistentFeature>? configure = null) => new(builder => builder
        .AddModel("first", new ScriptedChatClient(ScriptedAnswer.Text("a")), options => options.Price = new(1_000_000, 1_000_000))
        .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("b")), options => options.Price = new(1_000_000, 1_000_000))
        .UseVariability(options => options.Consistent("triage", configure))
        .UseRouter(router => router.Use(new InTurn("first", "second", "first", "second", "second")).Record(log)));

    private static LlmCallOptions Options() => new() { Feature = "triage", Tenant = "acme", User = "u1", AllowFallback = false };

    private static VotingRig Rig(string[] samples, Action<ConsistentFeature>? configure = null, bool cached = false, Action<LlmPipelineBuilder>? more = null, string? allowed = null) =>
        Rig(number => ScriptedAnswer.Text(samples[Math.Min(number, samples.Length - 1)]), configure, cached, more, allowed);

    private static VotingRig Rig(Func<int, ScriptedAnswer> samples, Action<ConsistentFeature>? configure = null, bool cached = false, Action<LlmPipelineBuilder>? more = null, string? allowed = null) =>
        new(samples, declared => configure?.Invoke(declared), cached, more, allowed);

    private Task<(ChatResponse Response, LlmCall Call)> AskAsync(VotingRig rig, ChatResponseFormat? format = null)
    {
        var options = Options();
        options.ResponseFormat = format;
        return rig.Host.Chat.AskAsync(streamed, options);
    }

    private sealed class InTurn(params string[] models) : RoutingPolicy
    {
        private int _asked = -1;

        public override string Name => "in turn";

        public override RoutingChoice Choose(RoutingRequest context) => new(models[Interlocked.Increment(ref _asked) % models.Length]);
    }
}
