using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>Somebody in a shared partition who wants others to get other answers, or none.</summary>
[TestFixture(false, false)]
[TestFixture(false, true)]
[TestFixture(true, false)]
[TestFixture(true, true)]
public sealed class CachePoisoningTests(bool composed, bool streamed)
{
    private static readonly LlmCallOptions Bob = new() { Tenant = "acme", User = "bob" };
    private static readonly LlmCallOptions Eve = new() { Tenant = "acme", User = "eve" };

    [Test]
    public async Task Write_OfAnotherWording_ReplacesNoNeighbour()
    {
        var bench = Bench();
        await bench.AskAsync("How do refunds work?", streamed, Bob);

        await bench.AskAsync("How does a refund work?", streamed, new() { Tenant = "acme", User = "eve", Cache = LlmCacheDirectives.NoRead });

        Assert.That(bench.Cache.Store.Count, Is.EqualTo(2));
        Assert.That((await bench.AskAsync("How do refunds work?", streamed, Bob)).Text, Is.EqualTo("answer 0"));
        Assert.That((await bench.AskAsync("How does a refund work?", streamed, Bob)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Write_OfTheSameRequest_ReplacesItsOwnEntryOnly()
    {
        var bench = Bench();
        await bench.AskAsync("How do refunds work?", streamed, Bob);
        await bench.AskAsync("Where is the museum?", streamed, Bob);

        await bench.AskAsync("How do refunds work?", streamed, new() { Tenant = "acme", User = "bob", Cache = LlmCacheDirectives.NoRead });

        Assert.That(bench.Cache.Store.Count, Is.EqualTo(2));
        Assert.That((await bench.AskAsync("How do refunds work?", streamed, Bob)).Text, Is.EqualTo("answer 2"));
        Assert.That((await bench.AskAsync("Where is the museum?", streamed, Bob)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Write_OfManyAlmostEqualOnes_KeepsTheNeighboursAnswer()
    {
        var bench = Bench(cache => (cache.MaxEntries, cache.MaxEntriesPerUser) = (50, 10));
        await bench.AskAsync("How do refunds work?", streamed, Bob);

        for (var i = 0; i < 100; i++)
            await bench.AskAsync($"How do refunds work for order {i}?", streamed, Eve);

        Assert.That(bench.Cache.Store.Count, Is.EqualTo(11));
        Assert.That((await bench.AskAsync("How do refunds work?", streamed, Bob)).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Write_ThatEndsBadly_LeavesTheGoodAnswer([Values] bool truncated)
    {
        var model = new ScriptedChatClient((number, _) => number == 1
            ? truncated ? ScriptedAnswer.Text("half") with { FinishReason = Microsoft.Extensions.AI.ChatFinishReason.Length } : ScriptedAnswer.Throws(new InvalidOperationException())
            : ScriptedAnswer.Text($"answer {number}"));
        var bench = Bench(model: model);
        await bench.AskAsync("How do refunds work?", streamed, Bob);

        try
        {
            await bench.AskAsync("How do refunds work?", streamed, new() { Tenant = "acme", User = "eve", Cache = LlmCacheDirectives.NoRead });
        }
        catch (InvalidOperationException)
        {
        }

        Assert.That((await bench.AskAsync("How do refunds work?", streamed, Bob)).Text, Is.EqualTo("answer 0"));
        Assert.That(bench.Asked, Is.EqualTo(2));
    }

    [TestCase("acme", "eve", "acme", "bob")]
    [TestCase("acme", "bob", "other", "bob")]
    [TestCase(null, "acme", "acme", null)]
    [TestCase("a", "b/c", "a/b", "c")]
    [TestCase("a/b", null, "a", "b")]
    [TestCase("acme", "", "acme", "bob")]
    public async Task Identity_WrittenToLookLikeAnother_SharesNothing(string? tenant, string? user, string? otherTenant, string? otherUser)
    {
        var bench = new CacheBench(composed, cache => (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9));

        await bench.AskAsync("How do refunds work?", streamed, new() { Tenant = tenant, User = user });
        await bench.AskAsync("How do refunds work?", streamed, new() { Tenant = otherTenant, User = otherUser });

        Assert.That(bench.Asked, Is.EqualTo(2));
    }

    private CacheBench Bench(Action<SemanticCacheOptions>? configure = null, ScriptedChatClient? model = null) => new(composed, cache =>
    {
        (cache.SharedBy, cache.Embedder, cache.MinSimilarity) = (CacheSharing.Tenant, ScriptedEmbedder.Blurred(), 0.9);
        configure?.Invoke(cache);
    }, model);
}
