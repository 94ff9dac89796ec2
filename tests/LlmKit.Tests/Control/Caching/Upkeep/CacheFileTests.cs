using System.Security.Cryptography;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Upkeep;

public sealed class CacheFileTests
{
    private static readonly string[] s_questions = ["How do refunds work?", "What is VAT?", "Who pays for the delivery?"];

    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task Load_WhatWasSaved_HitsInEveryTier([Values] bool streamed)
    {
        var saved = await FilledAsync(streamed);
        _time.Advance(TimeSpan.FromMinutes(10));
        var fresh = Bench();

        Assert.That(await fresh.Upkeep.LoadAsync(new MemoryStream(saved)), Is.EqualTo(3));

        var (text, exact) = await fresh.AskAsync("What is VAT?", streamed, User);
        var (_, normalised) = await fresh.AskAsync("what is VAT", streamed, User);
        var (_, semantic) = await fresh.AskAsync("How does a refund work?", streamed, User);
        Assert.That((text, fresh.Asked), Is.EqualTo(("answer 1", 0)));
        Assert.That(CacheBench.Step(exact), Has.Property("Tier").EqualTo(CacheTier.Exact).And.Property("Age").EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(CacheBench.Step(normalised).Tier, Is.EqualTo(CacheTier.Normalised));
        Assert.That(CacheBench.Step(semantic).Tier, Is.EqualTo(CacheTier.Semantic));
    }

    [Test]
    public async Task Load_AfterTheTimeToLive_AddsNothing()
    {
        var saved = await FilledAsync(streamed: false);
        _time.Advance(TimeSpan.FromHours(2));

        Assert.That(await Bench().Upkeep.LoadAsync(new MemoryStream(saved)), Is.Zero);
    }

    [Test]
    public async Task Load_WithAnotherEmbedder_HitsByKeysOnly()
    {
        var saved = await FilledAsync(streamed: false);
        var fresh = Bench(new ScriptedEmbedder(_ => [1, 0]));
        await fresh.Upkeep.LoadAsync(new MemoryStream(saved));

        Assert.That(CacheBench.Step((await fresh.AskAsync("How does a refund work?", options: User)).Call).Decision, Is.EqualTo("miss"));
        Assert.That(CacheBench.Step((await fresh.AskAsync("What is VAT?", options: User)).Call).Decision, Is.EqualTo("hit"));
    }

    [Test]
    public async Task Load_AnyByteChanged_IsRefusedAndAddsNothing()
    {
        var saved = await FilledAsync(streamed: true);
        for (var i = 0; i < saved.Length; i += 7)
        {
            var damaged = saved.ToArray();
            damaged[i] ^= 0x55;
            var fresh = Bench();
            Assert.That(async () => await fresh.Upkeep.LoadAsync(new MemoryStream(damaged)), Throws.InstanceOf<InvalidDataException>(), $"byte {i}");
            Assert.That(fresh.Cache.Store.Count, Is.Zero);
        }
    }

    [Test]
    public async Task Load_CutOff_IsRefusedAndAddsNothing()
    {
        var saved = await FilledAsync(streamed: false);
        for (var length = 0; length < saved.Length; length += 11)
        {
            var fresh = Bench();
            Assert.That(async () => await fresh.Upkeep.LoadAsync(new MemoryStream(saved[..length])), Throws.InstanceOf<InvalidDataException>(), $"{length} bytes");
            Assert.That(fresh.Cache.Store.Count, Is.Zero);
        }
    }

    [Test]
    public void Load_SomethingElse_IsRefused() => Assert.That(
        async () => await Bench().Upkeep.LoadAsync(new MemoryStream(RandomNumberGenerator.GetBytes(10_000))), Throws.InstanceOf<InvalidDataException>().With.Message.Contain("no saved cache"));

    [Test]
    public async Task Save_WhatRailsRemovedSomethingFrom_IsLeftOut()
    {
        var bench = new CacheBench(composed: true, time: _time, salted: true);
        await bench.AskAsync("hello");

        Assert.That(await bench.Upkeep.SaveAsync(new MemoryStream()), Is.Zero);
        Assert.That(bench.Cache.Store.Count, Is.EqualTo(1));
    }

    private static LlmCallOptions User => new() { Tenant = "acme", User = "u1", CacheTags = ["doc:1"] };

    private async Task<byte[]> FilledAsync(bool streamed)
    {
        var bench = Bench();
        foreach (var question in s_questions)
            await bench.AskAsync(question, streamed, User);
        using var stream = new MemoryStream();
        Assert.That(await bench.Upkeep.SaveAsync(stream), Is.EqualTo(3));
        return stream.ToArray();
    }

    /// <summary>A cache whose embedder knows refunds from everything else.</summary>
    private CacheBench Bench(ScriptedEmbedder? embedder = null) => new(
        composed: true,
        cache => (cache.Embedder, cache.MinSimilarity, cache.MatchNormalised) =
            (embedder ?? new ScriptedEmbedder(text => text.Contains("refund", StringComparison.Ordinal) ? [1, 0, 0] : text.Contains("VAT", StringComparison.Ordinal) ? [0, 1, 0] : [0, 0, 1]), 0.9, true),
        time: _time);
}
