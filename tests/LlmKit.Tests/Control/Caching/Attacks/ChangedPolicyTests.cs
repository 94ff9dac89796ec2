using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>An answer outlives the settings under which it was made; it may not outlive what they forbid now.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ChangedPolicyTests(bool streamed)
{
    [Test]
    public async Task Hit_OfAnAnswerThatANewRuleRedacts_IsRedacted([Values] bool stored)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Write to ann@", "example.org", " please."));
        using var saved = new MemoryStream();
        using (var before = PipelineHost.For(model, builder => builder.UseGuardrails(rails => rails.DenyTerms("poison")).UseSemanticCache()))
        {
            await before.Chat.AskAsync(stored);
            await before.Chat.GetService<LlmCache>()!.SaveAsync(saved);
        }

        saved.Position = 0;
        using var after = PipelineHost.For(model, builder => builder.UseGuardrails(rails => rails.RedactPersonalData()).UseSemanticCache());
        await after.Chat.GetService<LlmCache>()!.LoadAsync(saved);
        var (answer, call) = await after.Chat.AskAsync(streamed);

        Assert.That(answer.Text, Is.EqualTo("Write to [EMAIL] please."));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.Cached | AnswerMarks.Rewritten));
        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Hit_OfAnAnswerThatANewRuleBlocks_IsBlocked([Values] bool stored)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Take the dyna", "mite."));
        var configuration = ChangingConfiguration.Of(("Guardrails:DeniedTerms:0", "poison"));
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseGuardrails().UseSemanticCache(), configuration: configuration);
        await host.Chat.AskAsync(stored);

        configuration.Change("Guardrails:DeniedTerms:0", "dynamite");
        var (answer, call) = await host.Chat.AskAsync(streamed);

        Assert.That(answer.Text, Does.Not.Contain("mite"));
        Assert.That(call.Marks & (AnswerMarks.Cached | AnswerMarks.Blocked), Is.EqualTo(AnswerMarks.Cached | AnswerMarks.Blocked));
    }

    [Test]
    public async Task Ask_AfterAnotherModelStandsUnderTheName_AsksIt()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        var configuration = ChangingConfiguration.Of(("Models:model:ModelId", "first"));
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseSemanticCache(WithTwins), configuration: configuration);
        await host.Chat.AskAsync(streamed);

        configuration.Change("Models:model:ModelId", "second");
        var (other, _) = await host.Chat.AskAsync(streamed);
        configuration.Change("Models:model:ModelId", "first");
        var (again, _) = await host.Chat.AskAsync(streamed);

        Assert.That((other.Text, again.Text), Is.EqualTo(("answer 1", "answer 0")));
    }

    [Test]
    public async Task Ask_AfterTheRouterHasAnotherOrder_AsksTheNewFirst()
    {
        var configuration = ChangingConfiguration.Of(("Router:Models:0", "a"), ("Router:Models:1", "b"));
        using var host = new PipelineHost(
            builder => builder.AddModel("a", new ScriptedChatClient(ScriptedAnswer.Text("from a"))).AddModel("b", new ScriptedChatClient(ScriptedAnswer.Text("from b"))).UseSemanticCache(WithTwins).UseRouter(),
            configuration: configuration);
        await host.Chat.AskAsync(streamed);

        configuration["LlmKit:Default:Router:Models:0"] = "b";
        configuration.Change("Router:Models:1", "a");

        Assert.That((await host.Chat.AskAsync(streamed)).Response.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_AfterTheRouterHasAnotherVersion_IsAnsweredAnewAndAsBeforeUnderTheOld()
    {
        var configuration = ChangingConfiguration.Of(("Router:Version", "1"));
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseSemanticCache(WithTwins).UseRouter(), configuration: configuration);
        await host.Chat.AskAsync(streamed);

        configuration.Change("Router:Version", "2");
        var (other, _) = await host.Chat.AskAsync(streamed);
        configuration.Change("Router:Version", "1");
        var (again, _) = await host.Chat.AskAsync(streamed);

        Assert.That((other.Text, again.Text), Is.EqualTo(("answer 1", "answer 0")));
    }

    [Test]
    public async Task Ask_AfterTheThresholdWasRaised_IsServedWhatStillReachesIt()
    {
        var embedder = new ScriptedEmbedder(text => text.Contains("does") ? [0.95f, 0.3122f] : [1, 0]);
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        var configuration = ChangingConfiguration.Of(("SemanticCache:MinSimilarity", "0.9"));
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseSemanticCache(cache => cache.Embedder = embedder), configuration: configuration);
        await host.Chat.GetResponseAsync("How do refunds work?");
        var below = await AskAsync("How does a refund work?");

        configuration.Change("SemanticCache:MinSimilarity", "0.99");

        Assert.That((below, await AskAsync("How does a refund work?")), Is.EqualTo(("answer 0", "answer 1")));

        async Task<string> AskAsync(string question) => streamed
            ? (await host.Chat.GetStreamingResponseAsync(question).ToChatResponseAsync()).Text
            : (await host.Chat.GetResponseAsync(question)).Text;
    }

    [Test]
    public async Task Ask_AfterSharingWasNarrowed_IsNotServedWhatWasShared()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        var configuration = ChangingConfiguration.Of(("SemanticCache:SharedBy", "Everyone"));
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseSemanticCache(WithTwins), configuration: configuration);
        await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", User = "ann" });

        configuration.Change("SemanticCache:SharedBy", "User");

        Assert.That((await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = "other", User = "bob" })).Response.Text, Is.EqualTo("answer 1"));
    }

    private static void WithTwins(SemanticCacheOptions cache) => (cache.Embedder, cache.MinSimilarity, cache.MatchNormalised) = (ScriptedEmbedder.Blurred(), 0.9, true);
}
