using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>The cache among others: those that count money, another cache, and callers who know nothing of LlmKit.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class CacheSurroundingsTests(bool streamed)
{
    [Test]
    public async Task Hits_InAnInteraction_CostAndUseNothing()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("paid once"))
            .UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime)).UseSemanticCache(cache => cache.MatchNormalised = true));
        var interaction = new LlmInteraction();
        LlmCallOptions Options() => new() { Tenant = "acme", User = "ann", MaxOutputTokens = 20, Interaction = interaction };
        await Outcome.OfAsync(rig.Chat, streamed, Options(), "What is VAT?");
        var (cost, usage) = (interaction.Cost, interaction.Usage);

        foreach (var spelling in new[] { "What is VAT?", "what is  VAT", "What is VAT?" })
            Assert.That((await Outcome.OfAsync(rig.Chat, streamed, Options(), spelling)).Call!.Cost, Is.Zero);

        Assert.That((interaction.Cost, interaction.Usage, interaction.Calls), Is.EqualTo((cost, usage, 4)));
        Assert.That((rig.Spent("all"), rig.Reserved("all")), Is.EqualTo((cost, 0m)));
        Assert.That(cost, Is.GreaterThan(0));
    }

    [Test]
    public async Task Hit_UnderAnOuterMeter_ShowsNoUsageAndTheOriginalOnTheCall()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("one ", "two"), builder => builder.UseSemanticCache());
        await host.Chat.AskAsync(streamed);

        var (hit, call) = await host.Chat.AskAsync(streamed);

        Assert.That(hit.Usage?.TotalTokenCount ?? 0, Is.Zero);
        Assert.That((call.Usage.Total, CacheBench.Step(call).Saved), Is.EqualTo((0, new TokenUsage { Input = 10, Output = 2 })));
        Assert.That(CacheBench.Step(call).SavedCost, Is.EqualTo(14m));
    }

    [Test]
    public async Task Nested_TheInnerCacheAnswers_TheOuterDoesNotMakeItYoungAgain()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var inner = PipelineHost.For(model, builder => builder.UseSemanticCache(cache => cache.TimeToLive = TimeSpan.FromMinutes(10)));
        using var outer = PipelineHost.For(inner.Chat, builder => builder.UseSemanticCache(cache => cache.TimeToLive = TimeSpan.FromMinutes(10)));
        await inner.Chat.AskAsync(streamed);
        Advance(8);
        await outer.Chat.AskAsync(streamed);
        Advance(8);

        var (answer, _) = await outer.Chat.AskAsync(streamed);

        Assert.That(answer.Text, Is.EqualTo("answer 1"), "the answer was 16 minutes old");

        void Advance(double minutes)
        {
            inner.Clock.Advance(TimeSpan.FromMinutes(minutes));
            outer.Clock.Advance(TimeSpan.FromMinutes(minutes));
        }
    }

    [Test]
    public async Task Nested_TwoCachesInOnePipelineOfPipelines_KeepTenantsApart()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var inner = PipelineHost.For(model, builder => builder.UseSemanticCache());
        using var outer = PipelineHost.For(inner.Chat, builder => builder.UseSemanticCache());

        foreach (var (tenant, user) in new[] { ("acme", "ann"), ("acme", "bob"), ("other", "ann"), ("acme", "ann") })
            await outer.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = tenant, User = user });

        Assert.That(model.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Alone_WithPlainOptions_KeepsUsersApartAndTheOptionsAsTheyWere()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var cache = new SemanticCacheChatClient(model);
        var ann = new ChatOptions { Temperature = 0.2f, AdditionalProperties = new() { ["llmkit.tenant"] = "acme", ["llmkit.user"] = "ann" } };
        var bob = new ChatOptions { Temperature = 0.2f, AdditionalProperties = new() { ["llmkit.tenant"] = "acme", ["llmkit.user"] = "bob" } };

        var texts = new List<string>();
        foreach (var options in new[] { ann, bob, ann, null, new ChatOptions { ModelId = "other" }, null })
            texts.Add((await cache.AskAsync(streamed, options)).Response.Text);

        Assert.That(texts, Is.EqualTo(new[] { "answer 0", "answer 1", "answer 0", "answer 2", "answer 3", "answer 2" }));
        Assert.That(ann.AdditionalProperties, Has.Count.EqualTo(2));
        Assert.That(ann.GetType(), Is.EqualTo(typeof(ChatOptions)));
    }

    [Test]
    public async Task Ask_ForTheSameTools_HitsHoweverTheyAreMade()
    {
        var bench = new CacheBench(composed: true);
        static string Weather(string city) => city;
        ChatMessage[] question = [new(ChatRole.User, "How warm is Rome?")];

        await bench.AskAsync(question, streamed, new ChatOptions { Tools = [AIFunctionFactory.Create(Weather, "weather", "Tells the weather.")] });
        await bench.AskAsync(question, streamed, new ChatOptions { Tools = [AIFunctionFactory.Create(Weather, "weather", "Tells the weather.")] });
        Assert.That(bench.Asked, Is.EqualTo(1), "the same tools");

        await bench.AskAsync(question, streamed, new ChatOptions { Tools = [AIFunctionFactory.Create(Weather, "climate", "Tells the weather.")] });
        await bench.AskAsync(question, streamed);
        Assert.That(bench.Asked, Is.EqualTo(3), "another tool and none");
    }

    [Test]
    public async Task Ask_TheProviderFails_KeepsNothingOfTheFailure()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(429)), ScriptedAnswer.Text("fine"));
        using var host = PipelineHost.For(model, builder => builder.UseSemanticCache());

        Assert.That(await host.Chat.FailAsync(streamed), Is.Not.Null);

        Assert.That((await host.Chat.AskAsync(streamed)).Response.Text, Is.EqualTo("fine"));
    }

    [Test]
    public async Task Stream_ThatIsNew_ComesBeforeItsEnd()
    {
        var time = new ManualTimeProvider();
        var bench = new CacheBench(composed: streamed, model: new((_, _) => ScriptedAnswer.Text("one ", "two") with { DelayBetween = TimeSpan.FromMinutes(1) }, time), time: time);
        await using var stream = bench.Client.GetStreamingResponseAsync("hello").GetAsyncEnumerator();

        Assert.That(await stream.MoveNextAsync(), Is.True);
        Assert.That(stream.Current.Text, Is.EqualTo("one "));
        var next = stream.MoveNextAsync().AsTask();
        Assert.That(next.IsCompleted, Is.False);
        Assert.That(await time.FinishAsync(next), Is.True);
    }
}
