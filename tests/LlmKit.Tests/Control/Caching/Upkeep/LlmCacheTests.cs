using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Upkeep;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LlmCacheTests(bool composed)
{
    [Test]
    public async Task Invalidate_WhatTheCallNamed_AsksAgain([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        var options = new LlmCallOptions { CacheTags = ["doc:1", "doc:1"] };
        await bench.AskAsync("hello", streamed, options);
        await bench.AskAsync("hi", streamed);

        Assert.That(await bench.Upkeep.InvalidateByTagAsync("doc:1"), Is.EqualTo(1));
        Assert.That((await bench.AskAsync("hello", streamed, options)).Text, Is.EqualTo("answer 2"));
        Assert.That((await bench.AskAsync("hi", streamed)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Invalidate_WhatAStageInsideFoundOut_AsksAgain([Values] bool streamed)
    {
        var bench = new CacheBench(composed, inside: inner => new TaggingChatClient(inner, "doc:7"));
        await bench.AskAsync("hello", streamed);

        Assert.That(await bench.Upkeep.InvalidateByTagAsync("doc:7"), Is.EqualTo(1));
        Assert.That((await bench.AskAsync("hello", streamed)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Invalidate_WhileTheAnswerIsMade_StoresItNot([Values] bool streamed)
    {
        LlmCache? cache = null;
        var bench = new CacheBench(composed, inside: inner => new TaggingChatClient(inner, "doc:7", async () => await cache!.InvalidateByTagAsync("doc:7")));
        cache = bench.Upkeep;

        var (_, call) = await bench.AskAsync("hello", streamed);

        Assert.That(call.Steps.OfType<CacheStep>().Last(), Has.Property("Decision").EqualTo("not stored").And.Property("Reason").Contains("invalidated"));
        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Clear_Everything_AsksAgain()
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello");

        Assert.That(bench.Upkeep.Clear(), Is.EqualTo(1));
        Assert.That((await bench.AskAsync("hello")).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task GetStatistics_AfterSomeCalls_CountsThem()
    {
        var bench = new CacheBench(composed, cache => (cache.Embedder, cache.MinSimilarity, cache.MatchNormalised) = (ScriptedEmbedder.Blurred(), 0.9, true));
        await bench.AskAsync("How do refunds work?");
        await bench.AskAsync("How do refunds work?", streamed: true);
        await bench.AskAsync("how do refunds  work");
        await bench.AskAsync("How does a refund work?");
        await bench.AskAsync("How does a refund work?", options: new() { Cache = LlmCacheDirectives.Bypass });

        var figures = bench.Upkeep.GetStatistics();

        Assert.That((figures.ExactHits, figures.NormalisedHits, figures.SemanticHits, figures.Misses, figures.Bypasses), Is.EqualTo((1, 1, 1, 1, 1)));
        Assert.That((figures.Entries, figures.Threshold, figures.RepeatRate), Is.EqualTo((1, 0.9, 0.75)));
        Assert.That(figures.Bytes, Is.GreaterThan(100));
    }

    [Test]
    public async Task GetStatistics_WithoutAThreshold_TellsWhatItWouldHaveSaved()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var rig = new Tests.Support.BudgetRig(builder => builder.AddModel("model", model, facts => facts.Price = Tests.Support.BudgetRig.DollarPerToken)
            .UseSemanticCache(cache => cache.Embedder = ScriptedEmbedder.Blurred()));
        foreach (var question in new[] { "How do refunds work?", "How does a refund work?", "How would a refund work?" })
            await rig.Chat.GetResponseAsync(question);

        var figures = rig.Chat.GetService<LlmCache>()!.GetStatistics();

        Assert.That(model.Requests, Has.Count.EqualTo(3));
        Assert.That((figures.ObservedHits, figures.Misses, figures.SavedUsd, figures.Threshold), Is.EqualTo((2, 1, 0m, (double?)null)));
        Assert.That(figures.PossibleSavingUsd, Is.EqualTo(22m));
        Assert.That(figures.RepeatRate, Is.EqualTo(2 / 3d));
    }

    [Test]
    public async Task Ask_FromManyUsersAndOneWhoFloods_KeepsTheAnswersOfTheOthers()
    {
        var bench = new CacheBench(composed, cache => (cache.SharedBy, cache.MaxEntries, cache.MaxEntriesPerUser) = (CacheSharing.Tenant, 20, 5));
        await bench.AskAsync("What is VAT?", options: new() { Tenant = "acme", User = "bob" });

        for (var i = 0; i < 100; i++)
            await bench.AskAsync($"nonsense {i}", options: new() { Tenant = "acme", User = "eve" });

        Assert.That(bench.Cache.Store.Count, Is.EqualTo(6));
        Assert.That(CacheBench.Step((await bench.AskAsync("What is VAT?", options: new() { Tenant = "acme", User = "ann" })).Call).Decision, Is.EqualTo("hit"));
    }

    [Test]
    public async Task Hit_OtherSpelling_IsNormalisedOnlyWhenWanted([Values] bool wanted, [Values] bool streamed)
    {
        var bench = new CacheBench(composed, cache => cache.MatchNormalised = wanted);
        await bench.AskAsync("What is VAT?", streamed);

        var (text, call) = await bench.AskAsync("what is  VAT", !streamed);

        Assert.That(text, Is.EqualTo(wanted ? "answer 0" : "answer 1"));
        Assert.That(CacheBench.Step(call).Tier, Is.EqualTo(wanted ? CacheTier.Normalised : CacheTier.Exact));
    }

    [Test]
    public async Task Hit_Always_TellsItsEntryAndTheStoredOnes()
    {
        var bench = new CacheBench(composed);
        var (_, stored) = await bench.AskAsync("hello");

        var (_, hit) = await bench.AskAsync("hello");

        Assert.That(CacheBench.Step(hit).Entry, Has.Length.EqualTo(16).And.EqualTo(stored.Steps.OfType<CacheStep>().Last().Entry));
        Assert.That(hit.FindCacheHit(), Is.SameAs(CacheBench.Step(hit)).And.Property("Age").EqualTo(TimeSpan.Zero));
        Assert.That(stored.FindCacheHit(), Is.Null);
    }

    /// <summary>A stage that finds out what an answer depends on, and lets something happen before it is given.</summary>
    private sealed class TaggingChatClient(IChatClient inner, string tag, Func<Task>? meanwhile = null) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await NoteAsync(options);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await NoteAsync(options);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }

        private async Task NoteAsync(ChatOptions? options)
        {
            LlmCall.TryGet(options, out var call);
            call!.AddCacheTag(tag);
            if (meanwhile is not null)
                await meanwhile();
        }
    }
}
