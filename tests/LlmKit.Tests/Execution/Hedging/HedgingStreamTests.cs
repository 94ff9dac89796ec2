using LlmKit.Execution.Hedging;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Hedging;

public sealed class HedgingStreamTests
{
    [Test]
    public async Task Ask_FirstHasGivenARoleOnly_IsStillSlow()
    {
        using var rig = HedgingRig.Of(ScriptedAnswer.Text("", "first") with { DelayBetween = TimeSpan.FromSeconds(60) }, ScriptedAnswer.Text("sec", "ond"));

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("second"));
    }

    [Test]
    public async Task Ask_FirstHasGivenContent_IsNeverHedged()
    {
        using var rig = HedgingRig.Of(ScriptedAnswer.Text("fi", "rst") with { DelayBetween = TimeSpan.FromSeconds(60) });

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_WinnerBreaksOffAfterContent_TellsTheReaderAndRepeatsNothing()
    {
        var broken = new IOException("broken");
        using var rig = HedgingRig.Of(HedgingRig.After(60, "first"), ScriptedAnswer.Text("sec", "ond") with { Failure = broken, FailAfterChunks = 1 });

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Error, Is.SameAs(broken));
        Assert.That(outcome.Text, Is.EqualTo("sec"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo((0, 0m)));
    }

    [Test]
    public async Task Ask_LeftAfterTheFirstContent_LeavesNothingBehind()
    {
        using var rig = HedgingRig.Of(HedgingRig.After(60, "first"), ScriptedAnswer.Text("sec", "ond") with { DelayBetween = TimeSpan.FromSeconds(60) });
        var closed = new TaskCompletionSource<Outcome>();
        var options = BudgetRig.Call();
        options.OnCompleted = call => closed.SetResult(new("", call, Error: null));

        await rig.Clock.FinishAsync(ReadOneAsync(rig, options));

        Assert.That(await rig.LeftAsync(await closed.Task), Is.EqualTo((0, 0m)));
    }

    [Test]
    public async Task Ask_LoserOpensAfterTheRace_IsDisposedOf()
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((number, _) => number == 0 ? HedgingRig.After(60, "first") with { IsDeaf = true } : ScriptedAnswer.Text("second"), clock);
        using var stage = new HedgingChatClient(model, new() { Delay = HedgingRig.Delay }, "model", clock);
        var asking = Outcome.OfAsync(stage, streamed: true);
        clock.Advance(HedgingRig.Delay);
        Assert.That((await asking).Text, Is.EqualTo("second"));
        Assert.That(model.OpenStreams, Is.EqualTo(1));

        clock.Advance(TimeSpan.FromSeconds(60));

        await ManualTimeExtensions.UntilAsync(() => model.OpenStreams == 0 && clock.ActiveTimers == 0);
    }

    private static async Task<string> ReadOneAsync(HedgingRig rig, ChatOptions options)
    {
        await foreach (var update in rig.Chat.GetStreamingResponseAsync("hi", options))
            return update.Text;
        return "";
    }
}
