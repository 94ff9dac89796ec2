using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class ChildCallTests
{
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public void Child_Identity_IsTheParents()
    {
        var parent = Parent();

        var child = parent.Child("judge");

        Assert.That(child.Call!.Identity, Is.EqualTo(parent.Identity));
        Assert.That(child.Call.Parent, Is.SameAs(parent));
        Assert.That(child.Call.Purpose, Is.EqualTo("judge"));
        Assert.That(child.Cache, Is.EqualTo(LlmCacheDirectives.Bypass));
    }

    [Test]
    public async Task Tags_OfTheCallersOptions_AreOnTheCallAndOnThoseThatServeIt([Values] bool streamed)
    {
        LlmCall? child = null;
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), pipeline => pipeline.UseAtOpening(call => child = call.Child("judge").Call));

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Tags = new Dictionary<string, string> { ["team"] = "blue" } });

        Assert.That(call.Tags["team"], Is.EqualTo("blue"));
        Assert.That(child!.Tags["team"], Is.EqualTo("blue"));
    }

    [Test]
    public void Child_Deadline_IsWhatRemainsOfTheParents()
    {
        var parent = Parent();
        _clock.Advance(TimeSpan.FromSeconds(4));

        var child = parent.Child("judge");

        Assert.That(child.Call!.Remaining, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void Child_Attempts_AreTimedFromTheStartOfTheCallThatTheyServe()
    {
        var parent = Parent();
        _clock.Advance(TimeSpan.FromSeconds(4));
        var child = parent.Child("judge").Call!;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = child.Child("repair").Call!;

        child.BeginAttempt();
        child.EndAttempt(new() { Model = "small", Started = TimeSpan.FromSeconds(2) }, Money.Zero);
        second.BeginAttempt();
        second.EndAttempt(new() { Model = "small", Started = TimeSpan.FromSeconds(2) }, Money.Zero);

        Assert.That(parent.Attempts.Select(attempt => attempt.Started.TotalSeconds), Is.EqualTo(new[] { 6, 7 }));
        Assert.That(child.Attempts.Select(attempt => attempt.Started.TotalSeconds), Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Child_FactsAndExclusions_HoldForItToo()
    {
        var parent = Parent(new() { ExcludedModels = ["far"] });
        parent.AddFact(ModelGates.RegionsFact, new[] { "eu" });

        var child = parent.Child("judge");

        Assert.That(child.Call!.GetFact(ModelGates.RegionsFact), Is.EqualTo(new[] { "eu" }));
        Assert.That(child.ExcludedModels, Is.EqualTo(["far"]));
    }

    [Test]
    public void Child_FourthInARow_IsRefused()
    {
        var call = Parent();
        for (var depth = 1; depth <= LlmCall.GreatestDepth; depth++)
            call = call.Child("judge").Call!;

        Assert.That(call.Depth, Is.EqualTo(3));
        Assert.That(() => call.Child("judge"), Throws.InvalidOperationException.With.Message.Contains("4 deep"));
    }

    [Test]
    public void Child_OfAClosedCall_IsRefused()
    {
        var parent = Parent();
        parent.Close(CallStatus.Completed);

        Assert.That(() => parent.Child("judge"), Throws.InvalidOperationException);
    }

    [Test]
    public void Stage_OnAChild_DropsAtOnce()
    {
        var answer = new RecordingAnswer();

        Parent().Child("judge").Call!.Stage(answer);

        Assert.That(answer.Ends, Is.EqualTo(["dropped"]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Child_Attempt_CostsTheParentAndSpendsItsMoney(bool streamed)
    {
        var ledger = new RecordingLedger();
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseLedger(ledger).Use((inner, context) => new JudgingChatClient(inner, context.GetModel("model"))));
        var interaction = new LlmInteraction();

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Interaction = interaction });

        Assert.That(call.Attempts.Select(attempt => attempt.Purpose), Is.EquivalentTo(new[] { null, "judge" }));
        Assert.That(call.Cost, Is.EqualTo(24m));
        Assert.That(ledger.Spent, Is.EqualTo(24m));
        Assert.That(interaction.Cost, Is.EqualTo(24m));
        Assert.That(interaction.Calls, Is.EqualTo(1));
        Assert.That(call.WhenSettled.IsCompleted, Is.True);
    }

    private LlmCall Parent(LlmCallOptions? options = null)
    {
        var setup = new CallSetup { Pipeline = "test", Time = _clock, Owner = new(), Constraints = new(new() { Latency = TimeSpan.FromSeconds(10) }) };
        return CallOpener.Open(setup, options ?? new LlmCallOptions { Tenant = "acme", User = "u", Feature = "f" }, scope: null, streaming: false, out _);
    }

    /// <summary>Asks a judge about every request before it passes it on.</summary>
    private sealed class JudgingChatClient(IChatClient inner, IChatClient judge) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await JudgeAsync(options, cancellationToken);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await JudgeAsync(options, cancellationToken);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }

        private async Task JudgeAsync(ChatOptions? options, CancellationToken cancellationToken)
        {
            Assert.That(LlmCall.TryGet(options, out var call), Is.True);
            await judge.GetResponseAsync("Is it good?", call!.Child("judge"), cancellationToken);
        }
    }
}
