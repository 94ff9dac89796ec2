using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation.Traces;

/// <summary>What a log keeps of long prompts, and of outcomes that come when their traces are gone.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RoutingTraceLogBoundsTests(bool streamed)
{
    private readonly ManualTimeProvider _clock = new();
    private readonly string _path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"late-{Guid.NewGuid():N}.jsonl");

    [TearDown]
    public void Delete() => File.Delete(_path);

    [Test]
    public async Task Record_ALongPrompt_IsCutAndSaysSo()
    {
        var log = new RoutingTraceLog(options => (options.RecordPrompts, options.MaxPromptLength) = (true, 5));
        using var host = Host(log);

        await Outcome.OfAsync(host.Chat, streamed, prompt: "12345");
        await Outcome.OfAsync(host.Chat, streamed, prompt: "123456");
        await Outcome.OfAsync(host.Chat, streamed, prompt: "1234\U0001F600");

        var traces = log.Snapshot();
        Assert.That(traces.Select(trace => (trace.Prompt, trace.IsPromptCut, trace.PromptLength)), Is.EqualTo(new[] { ("12345", false, 5), ("12345", true, 6), ("1234", true, 6) }));
        Assert.That(traces.Select(trace => trace.PromptHash).Distinct().Count(), Is.EqualTo(3));
        RoutingTraceFile.Append(_path, traces);
        Assert.That(RoutingTraceFile.Read(_path).Traces.Select(trace => trace.IsPromptCut), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    public async Task Record_ByDefault_KeepsNoMoreOfAPromptThanTheOptionSays()
    {
        var (log, unread) = (new RoutingTraceLog(options => options.RecordPrompts = true), new RoutingTraceLog());
        using var host = Host(log);
        using var other = Host(unread);
        var prompt = new string('a', 100_000);

        await Outcome.OfAsync(host.Chat, streamed, prompt: prompt);
        await Outcome.OfAsync(other.Chat, streamed, prompt: prompt);

        Assert.That((log.Snapshot()[0].Prompt!.Length, unread.Snapshot()[0].Prompt, unread.Snapshot()[0].IsPromptCut), Is.EqualTo((32_768, (string?)null, false)));
        Assert.That(() => new RoutingTraceLog(options => options.MaxPromptLength = 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("MaxPromptLength"));
    }

    [Test]
    public async Task FitTraces_PromptsThatWereCut_TeachNothing()
    {
        var log = new RoutingTraceLog(options => (options.RecordPrompts, options.MaxPromptLength) = (true, 5));
        using var host = Host(log);
        await Outcome.OfAsync(host.Chat, streamed, prompt: "123456");
        log.Score(log.Snapshot()[0].CallId, 1);
        log.ScoreShadow(log.Snapshot()[0].CallId, "strong", 1);
        var policy = new LlmKit.Orchestration.Routing.Policies.LearningPolicy(GainModel.FitPrompts([]), "weak", "strong", 0.5);

        Assert.That(GainModel.FitTraces(log.Snapshot(), "weak", "strong").Examples, Is.Zero);
        Assert.That(() => policy.Refit(log.Snapshot(), 0.5), Throws.ArgumentException.With.Message.Contains("MaxPromptLength"));
    }

    [Test]
    public async Task Score_AfterTheTraceWasTaken_IsJoinedByTheFile()
    {
        var log = new RoutingTraceLog(timeProvider: _clock);
        using var host = Host(log);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;
        RoutingTraceFile.Append(_path, log.Take());
        _clock.Advance(TimeSpan.FromDays(1));

        var known = await host.Services.GetRequiredService<LlmFeedback>().RecordAsync(call.Id, 0.25, "vague");
        var late = log.TakeLate();
        RoutingTraceFile.Append(_path, late);

        Assert.That((known, log.Late, log.Unknown), Is.EqualTo((true, 1L, 0L)));
        Assert.That(late, Is.EqualTo(new[] { new LateOutcome(call.Id, _clock.GetUtcNow(), new(0.25, "vague")) }));
        Assert.That(RoutingTraceFile.Read(_path).Traces.Single().Outcome, Is.EqualTo(new RoutingOutcome(0.25, "vague")));
        Assert.That(log.TakeLate(), Is.Empty);
    }

    [Test]
    public async Task Score_ACallOfAnotherProcess_IsUnknownHereAndJoinedByTheFile()
    {
        var (one, other) = (new RoutingTraceLog(), new RoutingTraceLog());
        using var host = Host(one);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;
        RoutingTraceFile.Append(_path, one.Take());

        Assert.That((other.Score($"{call.Id}.1", 1), other.Unknown, other.Late), Is.EqualTo((false, 1L, 0L)));
        RoutingTraceFile.Append(_path, other.TakeLate());

        Assert.That(RoutingTraceFile.Read(_path).Traces.Single().Outcome, Is.EqualTo(new RoutingOutcome(1)));
    }

    [Test]
    public async Task Score_MoreLateOutcomesThanItHolds_DropsThoseOfUnknownCallsFirst()
    {
        var log = new RoutingTraceLog(options => options.Capacity = 3);
        using var host = Host(log);
        var call = (await Outcome.OfAsync(host.Chat, streamed)).Call!;
        log.Take();

        log.Score(new string('x', 10_000), 1);
        foreach (var id in (string[])["a", "b", "c", "d"])
            log.Score(id, 1);
        log.Score($"{call.Id}.1", 1, new string('l', 10_000));

        var late = log.TakeLate();
        Assert.That(late.Select(outcome => outcome.Of), Is.EqualTo(["b", "c", $"{call.Id}.1"]));
        Assert.That((log.LateDropped, log.Late, log.Unknown, late[2].Outcome.Label!.Length), Is.EqualTo((2L, 1L, 5L, 256)));
    }

    [Test]
    public async Task Take_ACallWhoseLastAttemptIsNotSettled_LeavesItForAnHour([Values] bool settles)
    {
        var log = new RoutingTraceLog(timeProvider: _clock);
        LlmCall? call = null;
        using var host = Host(log, builder => builder.UseAtOpening(opened => (call = opened).BeginAttempt()));
        await Outcome.OfAsync(host.Chat, streamed);

        Assert.That((log.Take().Count, log.Snapshot().Count), Is.EqualTo((0, 1)));
        _clock.Advance(TimeSpan.FromMinutes(settles ? 1 : 61));
        if (settles)
        {
            call!.EndAttempt(new() { Model = "weak", Priced = true, Usage = new() { Output = 7 } }, default);
            await ManualTimeExtensions.UntilAsync(() => log.Snapshot()[0].Attempts == 2);
        }

        Assert.That(log.Take().Single().Attempts, Is.EqualTo(settles ? 2 : 1));
        Assert.That(log.Snapshot(), Is.Empty);
    }

    [Test]
    public async Task Record_SamplesOfOnePrompt_KeepItOnce()
    {
        var log = new RoutingTraceLog(options => (options.RecordPrompts, options.MaxPromptLength) = (true, 5));
        using var host = Host(log, builder => builder.UseVariability(options => options.Consistent("triage")));

        await Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { Feature = "triage" }, "123456");

        var prompts = log.Snapshot().Select(trace => trace.Prompt).ToList();
        Assert.That(prompts, Has.Count.GreaterThan(1));
        Assert.That(prompts, Is.All.SameAs(prompts[0]).And.All.EqualTo("12345"));
    }

    private PipelineHost Host(RoutingTraceLog log, Action<LlmPipelineBuilder>? more = null) => new(
        builder =>
        {
            builder.AddModel("weak", new ScriptedChatClient(ScriptedAnswer.Text("from weak")));
            builder.AddModel("strong", new ScriptedChatClient(ScriptedAnswer.Text("from strong")));
            more?.Invoke(builder);
            builder.UseRouter(options => options.Use(RoutingPolicies.Pin("weak").Exploring(1e-9)).Record(log));
        },
        services => services.AddSingleton<TimeProvider>(_clock));
}
