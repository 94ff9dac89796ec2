using LlmKit.Calls;
using LlmKit.Execution.Idempotency;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>Calls that repeat one which is still on its way.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyFlightTests(bool streamed)
{
    [Test]
    public async Task Ask_FiftyAtOnceUnderOneKey_AreOneRequest()
    {
        using var rig = IdempotencyRig.Slow();
        var asking = Enumerable.Range(0, 50).Select(_ => rig.AskAsync(streamed)).ToArray();

        var outcomes = await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(outcomes.Select(outcome => outcome.Text), Has.All.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome.Decisions[0] == "joined"), Is.EqualTo(49));
        Assert.That(outcomes.Sum(outcome => outcome.Call!.Cost), Is.EqualTo(rig.Spent));
        Assert.That((rig.OnTheirWay, rig.Reserved), Is.EqualTo((0, 0m)));
    }

    [Test]
    public async Task Ask_FromManyThreads_IsOneRequestAndOneAnswer()
    {
        using var rig = IdempotencyRig.Numbering();

        for (var round = 0; round < 200; round++)
        {
            var options = IdempotencyRig.Keyed($"order-{round}");
            Outcome? one = null, other = null;
            await Together.RunAsync(() => one = rig.AskAsync(streamed, options).Result, () => other = rig.AskAsync(streamed, options).Result);
            Assert.That((one!.Text, other!.Text), Is.EqualTo(($"answer {round}", $"answer {round}")));
        }

        Assert.That(rig.OnTheirWay, Is.Zero);
    }

    [Test]
    public async Task Ask_FirstCallerLeaves_LeavesTheOthersTheirAnswer()
    {
        using var rig = IdempotencyRig.Slow();
        using var leaving = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed);

        await leaving.CancelAsync();
        var left = await first;
        var stayed = await rig.Clock.FinishAsync(second);

        Assert.That(left.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(left.Call!.Status, Is.EqualTo(CallStatus.Cancelled));
        Assert.That(stayed.Text, Is.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        await left.Call.WhenSettled;
        Assert.That((left.Call.Cost, stayed.Call!.Cost, rig.Reserved), Is.EqualTo((rig.Spent, 0m, 0m)));
    }

    [Test]
    public async Task Ask_FirstCallerLeavesAndTheModelFails_IsRetriedForTheOthersUntilTheirDeadline()
    {
        var answers = new[] { ScriptedAnswer.Throws(Failures.Http(503)) with { Delay = TimeSpan.FromSeconds(2) }, ScriptedAnswer.Text("in the end") };
        using var rig = new IdempotencyRig(number => answers[number], inside: builder => builder.UseResilience(options => options.BaseDelay = TimeSpan.FromSeconds(4)));
        var hasty = IdempotencyRig.Keyed();
        hasty.Deadline = rig.Clock.GetUtcNow().AddSeconds(1);
        var first = rig.AskAsync(streamed, hasty);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed);

        var stayed = await rig.Clock.FinishAsync(second);
        var left = await first;

        Assert.That(left.Error, Is.TypeOf<LlmTimeoutException>().With.Property(nameof(LlmTimeoutException.Limit)).EqualTo(TimeLimit.Deadline));
        Assert.That(stayed.Text, Is.EqualTo("in the end"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task WhenSettled_FirstCallerLeftBetweenTwoAttempts_WaitsForThoseMadeForTheOthers()
    {
        var answers = new[] { ScriptedAnswer.Throws(new IOException("cut")) with { Delay = TimeSpan.FromSeconds(1) }, ScriptedAnswer.Text("in the end") };
        using var rig = new IdempotencyRig(number => answers[number], inside: builder => builder.UseResilience(options => options.BaseDelay = options.MaxDelay = TimeSpan.FromSeconds(8)));
        using var leaving = new CancellationTokenSource(TimeSpan.FromSeconds(4), rig.Clock);
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed);
        var left = await rig.Clock.FinishAsync(first);
        var settled = left.Call!.WhenSettled;

        Assert.That((left.Call.PendingAttempts, settled.IsCompleted), Is.EqualTo((0, false)));
        await rig.Clock.FinishAsync(second);
        await settled;
        Assert.That(left.Call.Cost, Is.Positive.And.EqualTo(rig.Spent));
    }

    [Test]
    public async Task Ask_LastCallerLeaves_CancelsTheModelAndSettles()
    {
        using var rig = IdempotencyRig.Slow();
        using var leaving = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await ManualTimeExtensions.UntilAsync(() => rig.Clock.ActiveTimers > 0);

        await leaving.CancelAsync();
        Outcome[] outcomes = [await first, await second];

        Assert.That(outcomes.Select(outcome => outcome.Error), Has.All.InstanceOf<OperationCanceledException>());
        Assert.That((rig.OnTheirWay, rig.Model.OpenStreams, rig.Reserved), Is.EqualTo((0, 0, 0m)));
        var again = await rig.Clock.FinishAsync(rig.AskAsync(streamed));
        Assert.That(again.Text, Is.EqualTo("answer 1"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_ModelIsDeafAndTheLastCallerLeaves_DoesNotHoldHim()
    {
        using var rig = IdempotencyRig.Of(ScriptedAnswer.Hangs() with { IsDeaf = true }, ScriptedAnswer.Text("again"));
        using var leaving = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await rig.AskedAsync(1);

        await leaving.CancelAsync();
        var left = await rig.Clock.FinishAsync(first);
        var second = await rig.AskAsync(streamed);

        Assert.That(left.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(second.Text, Is.EqualTo("again"));
    }

    [Test]
    public async Task Ask_ModelFails_TellsEveryoneWithAnExceptionOfTheirOwn()
    {
        using var rig = IdempotencyRig.Of(ScriptedAnswer.Throws(Failures.Http(503)) with { Delay = TimeSpan.FromSeconds(1) }, ScriptedAnswer.Text("later"));
        var first = rig.AskAsync(streamed);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed);

        var began = await rig.Clock.FinishAsync(first);
        var joined = await second;
        var later = await rig.AskAsync(streamed);

        Assert.That(began.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(joined.Error, Is.TypeOf<RepeatedFailureException>().With.InnerException.SameAs(began.Error));
        Assert.That(joined.Error!.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Overloaded).Or.EqualTo(ModelFailureKind.Transient));
        Assert.That(joined.Error!.GetCall(), Is.SameAs(joined.Call).And.Not.SameAs(began.Call));
        Assert.That(later.Text, Is.EqualTo("later"));
    }

    [Test]
    public async Task Ask_OtherRequestUnderTheKeyMeanwhile_IsAnErrorAtOnce()
    {
        using var rig = IdempotencyRig.Slow();
        var first = rig.AskAsync(streamed);
        await rig.AskedAsync(1);

        var other = await rig.AskAsync(streamed, prompt: "other");

        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
        Assert.That((await rig.Clock.FinishAsync(first)).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_OtherWayMeanwhile_GetsTheSameAnswer()
    {
        using var rig = IdempotencyRig.Slow();
        var first = rig.AskAsync(streamed);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(!streamed);

        var outcomes = await rig.Clock.FinishAsync(Task.WhenAll(first, second));

        Assert.That(outcomes.Select(outcome => outcome.Text), Has.All.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_AnswerOfAFallback_SaysSoToEveryone()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))))
            .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("from the second")))
            .UseIdempotency()
            .UseRouter());

        await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());
        var replayed = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());

        Assert.That((replayed.Text, replayed.Call!.Model), Is.EqualTo(("from the second", "second")));
    }
}
