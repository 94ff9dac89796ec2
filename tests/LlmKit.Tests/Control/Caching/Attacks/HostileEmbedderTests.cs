using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>An embedder that does everything but embed costs a call nothing but a hit.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class HostileEmbedderTests(bool composed)
{
    private const string Question = "How do refunds work?";
    private const string Paraphrase = "How does a refund work?";

    private static readonly Dictionary<string, Func<Task<GeneratedEmbeddings<Embedding<float>>>>> Tricks = new()
    {
        ["throws at once"] = () => throw new InvalidOperationException("secret"),
        ["fails"] = () => Task.FromException<GeneratedEmbeddings<Embedding<float>>>(new IOException("secret")),
        ["cancels itself"] = () => Task.FromException<GeneratedEmbeddings<Embedding<float>>>(new OperationCanceledException()),
        ["gives no task"] = () => null!,
        ["gives nothing"] = () => Task.FromResult<GeneratedEmbeddings<Embedding<float>>>(null!),
        ["gives no vector"] = () => Vectors(),
        ["gives a missing vector"] = () => Task.FromResult(new GeneratedEmbeddings<Embedding<float>>([null!])),
        ["gives an empty vector"] = () => Vectors([]),
        ["gives two vectors"] = () => Vectors([1, 0], [0, 1]),
        ["gives no number"] = () => Vectors([float.NaN, 0]),
        ["gives no length"] = () => Vectors([0, 0]),
        ["gives the smallest numbers"] = () => Vectors([float.Epsilon, 0]),
        ["gives the largest numbers"] = () => Vectors([float.MaxValue, float.MaxValue]),
        ["gives infinity"] = () => Vectors([float.NegativeInfinity, 1]),
        ["gives 100,000 dimensions"] = () => Vectors(Enumerable.Repeat(1f, 100_000).ToArray()),
    };

    private static readonly string[] Names = [.. Tricks.Keys];

    [Test]
    public async Task Ask_ItMisbehaves_IsAMissAndEqualRequestsStillHit([ValueSource(nameof(Names))] string trick, [Values] bool streamed)
    {
        var bench = Bench(new(Tricks[trick]));

        await bench.AskAsync(Question, streamed);
        var (other, call) = await bench.AskAsync(Paraphrase, streamed);
        var (equal, _) = await bench.AskAsync(Question, streamed);

        Assert.That((other, equal, bench.Asked), Is.EqualTo(("answer 1", "answer 0", 2)));
        Assert.That(CacheBench.Step(call).Reason, Does.Contain("embed").And.Not.Contain("secret"));
        Assert.That(bench.Time.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_ItMisbehavesAfterTheFirst_MissesAndRecovers([ValueSource(nameof(Names))] string trick, [Values] bool streamed)
    {
        var embedder = new HostileEmbedder(() => Vectors([1, 0]));
        var bench = Bench(embedder);
        await bench.AskAsync(Question, streamed);

        embedder.Trick = Tricks[trick];
        await bench.AskAsync(Paraphrase, streamed, new() { Cache = LlmCacheDirectives.NoWrite });
        embedder.Trick = () => Vectors([1, 0]);

        Assert.That((await bench.AskAsync(Paraphrase, streamed)).Text, Is.EqualTo("answer 0"), "nothing of the trick was remembered");
    }

    [Test]
    public async Task Ask_ItsVectorIsChangedAfterwards_ComparesWithWhatItGave([Values] bool streamed)
    {
        float[] own = [1, 0];
        var bench = Bench(new(() => Vectors(own)));
        await bench.AskAsync(Question, streamed);

        own.AsSpan().Fill(float.NaN);
        await bench.AskAsync(Question + " ", streamed);
        (own[0], own[1]) = (1, 0);

        Assert.That((await bench.AskAsync(Paraphrase, streamed)).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_ItsDimensionsChange_NeverComparesTheTwo([Values] bool streamed)
    {
        var embedder = new HostileEmbedder(() => Vectors([1, 0]));
        var bench = Bench(embedder);
        await bench.AskAsync(Question, streamed);

        embedder.Trick = () => Vectors([1, 0, 0]);
        await bench.AskAsync(Paraphrase, streamed);

        Assert.That(bench.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task Ask_ItHangsAndIsDeaf_GoesOnAtItsLimitForEveryCaller([Values] bool streamed)
    {
        var bench = Bench(new(() => new TaskCompletionSource<GeneratedEmbeddings<Embedding<float>>>().Task));

        var asking = Task.WhenAll(Enumerable.Range(0, 20).Select(i => bench.AskAsync($"{Question} {i}", streamed)));
        await bench.Time.FinishAsync(asking);

        Assert.That(bench.Asked, Is.EqualTo(20));
        Assert.That(bench.Time.ActiveTimers, Is.Zero);
    }

    [TestCase("How do I reach the treasurer?", "zxq vormel !! treasurer aakk ploff describing wunt hgtt moop lliw qrst")]
    [TestCase("reset it", "xq zzt vrr kpl owq mmr tts reset qqa lzz ppe ggh")]
    public async Task Ask_ATextThatWasSearchedToCollide_IsNotServedWhereTheWordingIsFar(string victim, string colliding)
    {
        foreach (var streamed in new[] { false, true })
        {
            var bench = new CacheBench(composed, cache => (cache.Embedder, cache.MinSimilarity, cache.SharedBy) = (ScriptedEmbedder.Blurred(), 0.9, CacheSharing.Tenant));

            await bench.AskAsync(colliding, streamed, new() { Tenant = "acme", User = "eve" });
            var (text, _) = await bench.AskAsync(victim, streamed, new() { Tenant = "acme", User = "bob" });

            Assert.That(text, Is.EqualTo("answer 1"));
        }
    }

    private static Task<GeneratedEmbeddings<Embedding<float>>> Vectors(params float[][] vectors) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>([.. vectors.Select(vector => new Embedding<float>(vector))]));

    private CacheBench Bench(HostileEmbedder embedder) => new(composed, cache => (cache.Embedder, cache.MinSimilarity) = (embedder, 0.5));

    private sealed class HostileEmbedder(Func<Task<GeneratedEmbeddings<Embedding<float>>>> trick) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Func<Task<GeneratedEmbeddings<Embedding<float>>>> Trick { get; set; } = trick;

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) => Trick();

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
        }
    }
}
