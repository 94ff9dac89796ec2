using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

/// <summary>Which traces are kept when their requests have ended, and what reaches records that still wait for that.</summary>
[TestFixture(false, false)]
[TestFixture(true, false)]
[TestFixture(false, true)]
[TestFixture(true, true)]
[NonParallelizable]
public sealed class SampledTraceTests(bool streamed, bool onDisk) : IDisposable
{
    private static readonly LlmCallOptions Ann = new() { Tenant = "acme", User = "ann" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TearDown]
    public void Dispose()
    {
        _folder.Refresh();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Feedback_WhileTheRequestStillRuns_KeepsItsTraceAndStandsOnTheRecord()
    {
        using var request = new Activity("request").Start();
        using var rig = Rig(options => options.KeepShare = 0);
        var (scored, other) = (await rig.AskAsync(streamed), await rig.AskAsync(streamed));

        var known = await rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(scored.Call!.Id, 0.25, "wrong tone");
        request.Stop();

        Assert.That(known, Is.True);
        Assert.That(await Ids(rig), Is.EquivalentTo(new[] { scored.Call!.Id, other.Call!.Id }), "the whole trace is kept for it");
        Assert.That((await Traces(rig).GetAsync(scored.Call.Id))!.Scores.Select(score => (score.Value, score.Label)), Is.EqualTo(new[] { (0.25, "wrong tone") }));
    }

    [Test]
    public async Task Feedback_OfACallWhoseTraceIsGone_SaysThatNobodyKnowsIt()
    {
        using var rig = Rig(options => options.KeepShare = 0);
        var outcome = await rig.AskAsync(streamed);

        Assert.That(await rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(outcome.Call!.Id, 0.25), Is.False);
    }

    [Test]
    public async Task Feedback_WhileAnAttemptIsNotSettled_StandsOnTheRecordAfterwards()
    {
        var clock = new ManualTimeProvider();
        var slow = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("slow") with { Delay = TimeSpan.FromSeconds(30) }, clock);
        using var rig = new BudgetRig(
            builder => builder.AddPriced("slow", slow).AddPriced("quick", ScriptedAnswer.Text("ok")).WithTraces().UseTracing()
                .UseRouter(router => router.Priority("slow", "quick").Hedge(hedging => hedging.Delay = TimeSpan.FromSeconds(1))),
            time: clock);
        var outcome = await Eventually.EndsAsync(rig.AskAsync(streamed), clock, TimeSpan.FromSeconds(1));

        var known = await rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(outcome.Call!.Id, 1);
        await outcome.Call.WhenSettled;

        var record = await Eventually.GetsAsync(async () => await Traces(rig).GetAsync(outcome.Call.Id));
        Assert.That((known, record.LastScore), Is.EqualTo((true, 1d)));
    }

    [Test]
    public async Task DeleteByUser_WhileTheRequestStillRuns_ForgetsWhatWaitsAndWhatComesOfItsTrace()
    {
        using var request = new Activity("request").Start();
        using var rig = Rig(options => (options.KeepShare, options.Content) = (0.999_999_9, true), Late());
        _ = rig.Chat;
        await ToolAsync("lookup");
        await rig.AskAsync(streamed, Ann);

        var count = await Traces(rig).DeleteByUserAsync("acme", "ann");
        await ToolAsync("late");
        request.Stop();

        Assert.That(count, Is.EqualTo(2));
        Assert.That((await Traces(rig).ListAsync()).Traces, Is.Empty);
    }

    [Test]
    public async Task DeleteByUser_OfATraceThatOthersShare_LeavesTheirsAndWhatNamesNobody()
    {
        using var request = new Activity("request").Start();
        using var rig = Rig(options => options.KeepShare = 0.999_999_9, Late());
        _ = rig.Chat;
        await ToolAsync("lookup");
        await rig.AskAsync(streamed, Ann);
        var bob = await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", User = "bob" });

        await Traces(rig).DeleteByUserAsync("acme", "ann");
        request.Stop();

        var left = (await Traces(rig).ListAsync()).Traces;
        Assert.That(left.Select(trace => trace.Name), Is.EquivalentTo(new[] { "execute_tool lookup", left.Single(trace => trace.Id == bob.Call!.Id).Name }));
    }

    [Test]
    public async Task DeleteByUser_OfATraceThatIsKeptAlready_ForgetsWhatComesOfIt()
    {
        using var request = new Activity("request").Start();
        using var rig = Rig(time: Late());
        await rig.AskAsync(streamed, Ann);

        var count = await Traces(rig).DeleteByUserAsync("acme", "ann");
        await ToolAsync("late");
        request.Stop();

        Assert.That(count, Is.EqualTo(1));
        Assert.That((await Traces(rig).ListAsync()).Traces, Is.Empty);
    }

    [Test]
    public async Task Sampling_ASlowCall_IsKept()
    {
        var clock = new ManualTimeProvider();
        var slow = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Text("slow") with { Delay = TimeSpan.FromSeconds(30) } : ScriptedAnswer.Text("quick"), clock);
        using var rig = new BudgetRig(builder => builder.AddPriced("model", slow).WithTraces(options => (options.KeepShare, options.KeepSlowerThan) = (0, TimeSpan.FromSeconds(10))).UseTracing(), time: clock);

        var kept = await Eventually.EndsAsync(rig.AskAsync(streamed, Ann), clock, TimeSpan.FromSeconds(1));
        await rig.AskAsync(streamed, Ann);

        Assert.That(await Ids(rig), Is.EqualTo(new[] { kept.Call!.Id }));
    }

    [Test]
    public async Task Sampling_ABlockedCall_IsKeptThoughItWasAnswered()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => options.KeepShare = 0).UseTracing()
            .UseGuardrails(rules => (rules.WhenBlocked, _) = (WhenBlocked.Answer, rules.DenyTerms("hi"))));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.Null);
        Assert.That((await Traces(rig).ListAsync()).Traces.Select(trace => trace.Marks.HasFlag(AnswerMarks.Blocked)), Is.EqualTo(new[] { true }));
    }

    [Test]
    public async Task Sampling_InTwoServices_AgreesByTheTracesId()
    {
        using BudgetRig half = Rig(options => options.KeepShare = 0.5), same = Rig(options => options.KeepShare = 0.5), quarter = Rig(options => options.KeepShare = 0.25);
        for (var i = 0; i < 8; i++)
        {
            // The last 56 bits of the id decide: 0/8, 1/8 and so on.
            var id = $"{i + 1:x16}00{i * 2:x1}0000000000000";
            using var request = new Activity("request").SetParentId(ActivityTraceId.CreateFromString(id), ActivitySpanId.CreateRandom()).Start();
            foreach (var rig in new[] { half, same, quarter })
                await rig.AskAsync(streamed);
        }

        var kept = await TraceIds(half);
        Assert.That(kept.Select(id => id[..16]), Is.EqualTo(Enumerable.Range(1, 4).Select(i => $"{i:x16}")));
        Assert.That(await TraceIds(same), Is.EqualTo(kept));
        Assert.That(await TraceIds(quarter), Is.EqualTo(kept.Take(2)));
    }

    // What a span says of its time is the system's: whoever deletes does so later than that.
    private static ManualTimeProvider Late() => new(new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static async Task ToolAsync(string name) =>
        await LlmTrace.Traced(AIFunctionFactory.Create((string who) => who, name)).InvokeAsync(new() { ["who"] = "Ann" });

    private BudgetRig Rig(Action<TraceStoreOptions>? configure = null, ManualTimeProvider? time = null) =>
        new(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(configure).WithTraces(options => options.Directory = onDisk ? Path.Combine(_folder.FullName, Guid.NewGuid().ToString("n")) : null).UseTracing(), time: time);

    private static LlmTraces Traces(BudgetRig rig) => rig.Services.GetRequiredService<LlmTraces>();

    private static async Task<List<string>> Ids(BudgetRig rig) => [.. (await Traces(rig).ListAsync()).Traces.Select(trace => trace.Id)];

    private static async Task<List<string>> TraceIds(BudgetRig rig) => [.. (await Traces(rig).ListAsync()).Traces.Select(trace => trace.TraceId).Order(StringComparer.Ordinal)];
}
