using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>A model that judges the request while another already answers it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class JudgeBesideModelTests(bool streamed)
{
    private static readonly TimeSpan Thought = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _judgesClock = new();

    [Test]
    public async Task Ask_ThatTheJudgeBlocks_CancelsTheModelAndSaysSo()
    {
        var judge = Judge("0.9");
        using var rig = Rig(judge, ScriptedAnswer.Text("I would ", "say") with { HangAfterChunks = 1 });
        var asking = rig.AskAsync(streamed, "How much may I take?");
        await BothAreAskedAsync(rig, judge);

        _judgesClock.Advance(Thought);
        var (response, call) = await rig.FinishAsync(asking);
        await call.WhenSettled;

        Assert.That((response.FinishReason, response.Text), Is.EqualTo((ChatFinishReason.ContentFilter, new GuardrailOptions().BlockedAnswer)));
        Assert.That(rig.Model.OpenStreams, Is.Zero);
        Assert.That(call.Attempts.Single(attempt => attempt.Model == "model").Failure?.Kind, Is.EqualTo(ModelFailureKind.Cancelled));
        Assert.That(call.Attempts.Single(attempt => attempt.Model == "judge").Cost, Is.GreaterThan(0));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Verdict").EqualTo(RailVerdict.Block).And.Property("Rule").EqualTo("medical-advice").And.Property("Score").EqualTo(0.9));
    }

    [Test]
    public async Task Ask_ThatTheJudgeAllows_ReleasesTheAnswerAndPaysBoth()
    {
        var judge = Judge("0.1");
        using var rig = Rig(judge, ScriptedAnswer.Text("Near ", "the park."));
        var asking = rig.AskAsync(streamed, "Where do you sit?");
        await BothAreAskedAsync(rig, judge);
        Assert.That(asking.IsCompleted, Is.False);

        _judgesClock.Advance(Thought);
        var (response, call) = await rig.FinishAsync(asking);

        Assert.That(response.Text, Is.EqualTo("Near the park."));
        Assert.That(call.Attempts.Select(attempt => attempt.Model), Is.EquivalentTo(new[] { "model", "judge" }));
        Assert.That(call.Cost, Is.EqualTo(call.Attempts.Sum(attempt => attempt.Cost)));
    }

    [Test]
    public async Task Stream_BeforeTheVerdict_ShowsNothing()
    {
        var judge = Judge("0.1");
        using var rig = Rig(judge, ScriptedAnswer.Text("Near ", "the park."));
        await using var updates = rig.StreamAsync("Where do you sit?").GetAsyncEnumerator();
        var first = updates.MoveNextAsync().AsTask();
        await BothAreAskedAsync(rig, judge);
        var shownBefore = first.IsCompleted;

        _judgesClock.Advance(Thought);

        Assert.That(await first);
        Assert.That((shownBefore, updates.Current.Text), Is.EqualTo((false, "Near ")));
    }

    [TestCase(GuardFailure.Block)]
    [TestCase(GuardFailure.Allow)]
    public async Task Ask_AJudgeThatNeverAnswers_IsWaitedForWithinItsLimit(GuardFailure whenFailing)
    {
        using var rig = Rig(
            new ScriptedChatClient(ScriptedAnswer.Hangs()), ScriptedAnswer.Text("Fine."), options => (options.WhenFailing, options.TimeLimit) = (whenFailing, TimeSpan.FromSeconds(3)));

        var (response, call) = await rig.FinishAsync(rig.AskAsync(streamed, "Where do you sit?"));

        var allowed = whenFailing == GuardFailure.Allow;
        Assert.That((response.Text, response.FinishReason), Is.EqualTo(allowed ? ("Fine.", ChatFinishReason.Stop) : (new GuardrailOptions().BlockedAnswer, ChatFinishReason.ContentFilter)));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Evaluated").False.And.Property("Verdict").EqualTo(allowed ? RailVerdict.Flag : RailVerdict.Block));
    }

    private static Task BothAreAskedAsync(GuardrailRig rig, ScriptedChatClient judge) =>
        ManualTimeExtensions.UntilAsync(() => rig.Model.Requests.Count == 1 && judge.Requests.Count == 1);

    private ScriptedChatClient Judge(string score) =>
        new((_, request) => ScriptedAnswer.Text(JudgeReplies.Of(request, score)) with { Delay = Thought }, _judgesClock);

    private static GuardrailRig Rig(ScriptedChatClient judge, ScriptedAnswer answer, Action<GuardOptions>? configure = null) => new(
        rules => rules.AddGuard(Rail.Input, new LlmJudge("medical-advice", "judge", "asks for a dose of a medicine"), options =>
        {
            options.BesideModel = true;
            configure?.Invoke(options);
        }),
        answer,
        builder => builder.AddModel("judge", judge, options => options.Price = new(1_000_000, 1_000_000)).UseRouter(router => router.Priority("model")));
}
