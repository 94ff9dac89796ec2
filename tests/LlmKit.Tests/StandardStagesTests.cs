using LlmKit.Calls;
using LlmKit.Control.Budgets;
using LlmKit.Control.Caching;
using LlmKit.Control.Guardrails;
using LlmKit.Execution.Resilience;
using LlmKit.Observability.Tracing;
using LlmKit.Orchestration.Routing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests;

/// <summary>The recommended stack as a whole: what each stage promises alone must hold when all of them stand around one another.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class StandardStagesTests(bool streamed)
{
    private static readonly Type[] Always =
        [typeof(TracingChatClient), typeof(GuardrailChatClient), typeof(SemanticCacheChatClient), typeof(RouterChatClient), typeof(ResilienceChatClient)];

    [Test]
    public void UseStandardStages_Built_HasEveryStageInAnOrderThatNeedsNoWarning()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("a"), builder => builder.UseStandardStages(budget => budget.PerCall("call", 1)));

        Assert.That(Always.Append(typeof(BudgetGuardChatClient)).Where(stage => host.Chat.GetService(stage) is null), Is.Empty);
        Assert.That(host.Logs.Messages.Where(message => message.Contains("order", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void UseStandardStages_NoBudgetGiven_LimitsNothing()
    {
        using var host = new PipelineHost(builder => builder.AddModel("unpriced", new ScriptedChatClient(ScriptedAnswer.Text("a"))).UseStandardStages());

        Assert.That(host.Chat.GetService(typeof(BudgetGuardChatClient)), Is.Null);
        Assert.That(async () => await host.Chat.AskAsync(streamed), Throws.Nothing);
    }

    [Test]
    public async Task Ask_PersonalData_ReachesNeitherTheModelNorTheCacheNorTheReader()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Ask bob@", "example.org."));
        using var host = PipelineHost.For(model, builder => builder.UseStandardStages());

        var outcome = await Outcome.OfAsync(host.Chat, streamed, prompt: "Who is ann@example.org?");

        Assert.That(model.Requests.Single().Text, Is.EqualTo("Who is [EMAIL]?"));
        Assert.That(outcome.Text, Is.EqualTo("Ask [EMAIL]."));
        Assert.That(((SemanticCacheChatClient)host.Chat.GetService(typeof(SemanticCacheChatClient))!).Store.Count, Is.Zero);
    }

    [Test]
    public async Task Ask_FirstModelIsDown_IsRepeatedThenAnsweredByTheNextAndPaidInFull()
    {
        var first = new ScriptedChatClient(ScriptedAnswer.Throws(new IOException("cut")));
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", first).AddPriced("b", ScriptedAnswer.Text("from ", "b"))
            .UseStandardStages(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime)));

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed));

        Assert.That(outcome.Text, Is.EqualTo("from b"));
        Assert.That(first.Requests, Has.Count.EqualTo(3));
        Assert.That(outcome.Call!.Attempts.Select(attempt => (attempt.Model, attempt.Spent.ToUsd())), Is.EqualTo(new[] { ("a", 5m), ("a", 5m), ("a", 5m), ("b", 12m) }));
        Assert.That((rig.Spent("all"), rig.Reserved("all")), Is.EqualTo((27m, 0m)));
    }

    [Test]
    public async Task Ask_SameQuestionAgain_IsAHitWithoutAttempts()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("It is ", "Paris."), builder => builder.UseStandardStages());
        var (first, _) = await host.Chat.AskAsync(streamed);

        var (second, call) = await host.Chat.AskAsync(streamed);

        Assert.That((second.Text, call.Cost, call.Attempts.Count), Is.EqualTo((first.Text, 0m, 0)));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.Cached));
    }

    [Test]
    public async Task Ask_ManyTimes_ReadsItsSettingsOnce()
    {
        var read = 0;
        using var host = PipelineHost.For(ScriptedAnswer.Text("a"), builder => builder.UseStandardStages(budget =>
        {
            read++;
            budget.PerCall("call", 1_000_000);
        }));

        for (var i = 0; i < 3; i++)
            await host.Chat.AskAsync(streamed);

        Assert.That(read, Is.EqualTo(1));
    }

    [Test]
    public async Task Stream_ModelPausesAfterItsFirstWords_TheyAreShownMeanwhile()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("It is ", "Paris.") with { HangAfterChunks = 1 }, builder => builder.UseStandardStages());
        await using var stream = host.Chat.GetStreamingResponseAsync("Where?").GetAsyncEnumerator();

        var move = stream.MoveNextAsync();

        Assert.That(move.IsCompletedSuccessfully && move.Result, "nothing is buffered to decide");
        Assert.That(stream.Current.Text, Does.StartWith("It"));
    }

    [Test]
    public async Task Ask_LazyMessages_AreEnumeratedOnceHoweverOftenTheyAreSent()
    {
        var messages = new CountedMessages();
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", ScriptedAnswer.Throws(new IOException("cut"))).AddPriced("b", ScriptedAnswer.Text("b")).UseStandardStages());

        await rig.Clock.FinishAsync(streamed ? rig.Chat.GetStreamingResponseAsync(messages).ToChatResponseAsync() : rig.Chat.GetResponseAsync(messages));

        Assert.That(messages.Enumerations, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_FailsEverywhere_EndsWithinItsDeadline()
    {
        using var rig = new BudgetRig(builder => builder
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(7))
            .AddPriced("a", ScriptedAnswer.Hangs() with { IsDeaf = true }).AddPriced("b", ScriptedAnswer.Hangs())
            .UseStandardStages(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime)));

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed));

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.Deadline));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.FromSeconds(7)).Within(TimeSpan.FromSeconds(1)));
        await ManualTimeExtensions.UntilAsync(() => rig.Reserved("all") == 0);
    }
}
