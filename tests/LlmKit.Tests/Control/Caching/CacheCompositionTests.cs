using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

/// <summary>The cache between the stages that decide what may be kept: rails outside, a router and a budget beside it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class CacheCompositionTests(bool streamed)
{
    [TestCase(false, 2)]
    [TestCase(true, 1)]
    public async Task Ask_AnsweredByAFallback_IsStoredOnlyWhenThePolicySaysSo(bool store, int asked)
    {
        var second = new ScriptedChatClient(ScriptedAnswer.Text("from b"));
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", second)
            .UseSemanticCache(cache => cache.StoreFallbacks = store).UseRouter());

        await rig.AskAsync(streamed);
        var again = await rig.AskAsync(streamed);

        Assert.That(again.Text, Is.EqualTo("from b"));
        Assert.That(second.Requests, Has.Count.EqualTo(asked));
    }

    [Test]
    public async Task Ask_ShortenedByABudget_IsNotStored()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("short"));
        using var rig = new BudgetRig(builder => builder.AddPriced("model", model).UseBudget(budget => budget.PerCall("call", 100)).UseSemanticCache());

        var first = await rig.AskAsync(streamed, new LlmCallOptions());
        await rig.AskAsync(streamed, new LlmCallOptions());

        Assert.That(first.Call!.Marks, Is.EqualTo(AnswerMarks.Shrunk));
        Assert.That(model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_RewrittenByARail_IsNotStored()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Write to ann@example.org."));
        using var host = PipelineHost.For(model, builder => builder.UseGuardrails(rules => rules.RedactPersonalData()).UseSemanticCache());

        await host.Chat.AskAsync(streamed);
        var (again, _) = await host.Chat.AskAsync(streamed);

        Assert.That(again.Text, Is.EqualTo("Write to [EMAIL]."));
        Assert.That(model.Requests, Has.Count.EqualTo(2));
        Assert.That(Store(host).Count, Is.Zero);
    }

    [Test]
    public async Task Ask_CutOffByItsDeadline_IsNotStored()
    {
        var model = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Text("half", "whole") with { HangAfterChunks = 1 } : ScriptedAnswer.Text("whole"));
        using var host = PipelineHost.For(model, builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5)).UseSemanticCache());

        var failing = host.Chat.FailAsync(streamed);
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await failing, Is.TypeOf<LlmTimeoutException>());
        Assert.That(Store(host).Count, Is.Zero);
    }

    [Test]
    public async Task Ask_RuleThatIsNewerThanTheStoredAnswer_IsAppliedToTheHit()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("See you later."));
        var configuration = ChangingConfiguration.Of(("Guardrails:DeniedTerms:0", "dynamite"));
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseGuardrails().UseSemanticCache(), configuration: configuration);
        var (before, _) = await host.Chat.AskAsync(streamed);

        configuration.Change("Guardrails:DeniedTerms:0", "later");
        var (after, call) = await host.Chat.AskAsync(streamed);

        Assert.That(before.Text, Is.EqualTo("See you later."));
        Assert.That(after.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.Cached | AnswerMarks.Blocked | AnswerMarks.Filtered));
        Assert.That(model.Requests, Has.Count.EqualTo(1), "the answer came from the cache");
    }

    [Test]
    public async Task Ask_BySomebodyElse_IsNotServedTheAnswer()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("yours"));
        using var host = PipelineHost.For(model, builder => builder.UseGuardrails(rules => rules.RedactSecrets()).UseSemanticCache());

        foreach (var (tenant, user) in new[] { ("acme", "ann"), ("acme", "bob"), ("other", "ann"), ("acme", "ann") })
            await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = tenant, User = user });

        Assert.That(model.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Ask_AHitUnderABudgetThatIsSpent_IsStillServed()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("paid once"));
        using var rig = new BudgetRig(builder => builder.AddPriced("model", model).UseBudget(budget => budget.Global("all", 30, BudgetWindow.Lifetime)).UseSemanticCache());
        await rig.AskAsync(streamed);

        var hit = await rig.AskAsync(streamed);

        Assert.That((hit.Text, hit.Call!.Cost, hit.Call.Attempts.Count), Is.EqualTo(("paid once", 0m, 0)));
        Assert.That((rig.Spent("all"), rig.Reserved("all")), Is.EqualTo((11m, 0m)));
    }

    private static MemoryCacheStore Store(PipelineHost host) => ((SemanticCacheChatClient)host.Chat.GetService(typeof(SemanticCacheChatClient))!).Store;
}
