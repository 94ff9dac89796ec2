using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Store;

/// <summary>Several instances of a service over one distributed cache.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class DistributedCacheStoreTests(bool streamed)
{
    private readonly FarCache _far = new();

    private ManualTimeProvider Time => _far.Time;

    [Test]
    public async Task Ask_AnotherInstance_GetsTheAnswerOfTheFirst([Values] bool otherWay)
    {
        var (one, other) = (Instance(), Instance());
        await one.AskAsync("hello", streamed);
        Time.Advance(TimeSpan.FromMinutes(3));

        var (text, call) = await other.AskAsync("hello", streamed != otherWay);

        Assert.That(text, Is.EqualTo("answer 0"));
        Assert.That(other.Asked, Is.Zero);
        Assert.That(CacheBench.Step(call), Has.Property("Decision").EqualTo("hit").And.Property("Age").EqualTo(TimeSpan.FromMinutes(3)));
        Assert.That(CacheBench.Step(call).Saved.Output, Is.EqualTo(2));
        Assert.That(call.Model, Is.EqualTo("small"));
    }

    [Test]
    public async Task Ask_EveryKindOfContent_ComesBackAsItWas()
    {
        var data = new DataContent(new byte[] { 1, 2, 3 }, "image/png") { Name = "dot" };
        var cited = new TextContent("cited") { Annotations = [new CitationAnnotation { Title = "Handbook", Url = new("https://a.example/h") }] };
        var answer = ScriptedAnswer.Text("a", "b") with { Contents = [new TextReasoningContent("why") { ProtectedData = "sealed" }, data, cited, new TextContent("tagged") { AdditionalProperties = new() { ["n"] = 7L, ["s"] = "x" } }] };
        var (one, other) = (Instance(answer), Instance());
        await one.AskAsync("hello", streamed);

        var fresh = await one.Client.GetResponseAsync("hello");
        var far = await other.Client.GetResponseAsync("hello");

        Assert.That(Describe(far), Is.EqualTo(Describe(fresh)));
        Assert.That(far.Messages[0].Contents.OfType<DataContent>().Single().Name, Is.EqualTo("dot"));
        Assert.That(far.Messages[0].Contents.OfType<TextContent>().Single(content => content.Text == "cited").Annotations, Has.Count.EqualTo(1));
        Assert.That(far.Messages[0].Contents.OfType<TextContent>().Single(content => content.Text == "tagged").AdditionalProperties!["n"], Is.EqualTo(7L));
        Assert.That(other.Asked, Is.Zero);
    }

    [Test]
    public async Task Ask_WhatRailsRemoved_StaysInTheProcess()
    {
        var one = Instance(salted: true);

        await one.AskAsync("hello", streamed);

        Assert.That(_far.Keys, Is.Empty);
        Assert.That(one.Cache.Store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Invalidate_AtOneInstance_HoldsAtTheOther()
    {
        var (one, other) = (Instance(), Instance());
        var options = new LlmCallOptions { CacheTags = ["doc:1"] };
        await one.AskAsync("hello", streamed, options);
        await other.AskAsync("hello", streamed, options);
        Time.Advance(TimeSpan.FromSeconds(5));

        await one.Upkeep.InvalidateByTagAsync("doc:1");

        Assert.That((await other.AskAsync("hello", streamed, options)).Text, Is.EqualTo("answer 0"));
        Assert.That(other.Asked, Is.EqualTo(1), "the other instance asked its own model");
    }

    [Test]
    public async Task Invalidate_AtOneInstanceWhileTheOtherAsks_KeepsTheAnswerNowhere()
    {
        var one = Instance();
        var other = Instance(inside: inner => new InterruptingChatClient(inner, async () => await one.Upkeep.InvalidateByTagAsync("doc:1")));
        var options = new LlmCallOptions { CacheTags = ["doc:1"] };

        var (_, call) = await other.AskAsync("hello", streamed, options);

        Assert.That(call.Steps.OfType<CacheStep>().Last().Decision, Is.EqualTo("not stored"));
        Assert.That(_far.Keys.Where(key => !key.Contains("tag")), Is.Empty);
    }

    [Test]
    public async Task Ask_TheCacheFails_GoesOnInMemory()
    {
        var one = Instance();
        _far.Failure = new IOException("secret-host: connection refused");

        await one.AskAsync("hello", streamed);
        var (text, _) = await one.AskAsync("hello", streamed);

        Assert.That((text, one.Asked), Is.EqualTo(("answer 0", 1)));
    }

    [Test]
    public async Task Ask_TheCacheHangs_GoesOnWithinItsTime()
    {
        var one = Instance();
        _far.Hang();

        var asking = one.AskAsync("hello", streamed);
        await Time.EndAsync(asking);

        Assert.That((await asking).Text, Is.EqualTo("answer 0"));
        Assert.That(one.Cache.Store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_TheCacheIsOnItsWay_SoIsTheEmbedding()
    {
        var embedder = ScriptedEmbedder.Blurred();
        var bench = new CacheBench(composed: true, cache => (cache.UseDistributedCache, cache.Embedder, cache.MinSimilarity) = (true, embedder, 0.9), time: Time, distributed: _far);
        _far.Hang();

        var asking = bench.AskAsync("hello", streamed);

        Assert.That((asking.IsCompleted, embedder.Asked), Is.EqualTo((false, 1)));
        await Time.EndAsync(asking);
        Assert.That((await asking).Text, Is.EqualTo("answer 0"));
    }

    [TestCase("")]
    [TestCase("not json")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("{\"version\":1}")]
    [TestCase("{\"version\":99,\"key\":\"x\"}")]
    public async Task Ask_TheCacheHoldsNonsense_Misses(string nonsense)
    {
        var (one, other) = (Instance(), Instance());
        await one.AskAsync("hello", streamed);
        _far.Replace(System.Text.Encoding.UTF8.GetBytes(nonsense));

        Assert.That((await other.AskAsync("hello", streamed)).Text, Is.EqualTo("answer 0"));
        Assert.That(other.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_ThePiecesOfAnAnswerAreDamaged_Misses()
    {
        var (one, other) = (Instance(), Instance());
        await one.AskAsync("hello", streamed: true);
        var json = System.Text.Encoding.UTF8.GetString(_far.Values.Single());
        _far.Replace(System.Text.Encoding.UTF8.GetBytes(json.Replace("answer ", "a", StringComparison.Ordinal)));

        Assert.That((await other.AskAsync("hello", streamed)).Text, Is.EqualTo("answer 0"));
        Assert.That(other.Asked, Is.EqualTo(1));
    }

    [Test]
    public void Build_WithoutADistributedCache_IsRefused() => Assert.That(
        () => new CacheBench(composed: true, cache => cache.UseDistributedCache = true), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contain("IDistributedCache"));

    private static string Describe(ChatResponse response) =>
        string.Join("|", response.Messages.SelectMany(message => message.Contents).Select(content => $"{content.GetType().Name}:{(content as TextReasoningContent)?.ProtectedData}:{content}")) + response.FinishReason;

    private CacheBench Instance(ScriptedAnswer? answer = null, Func<IChatClient, IChatClient>? inside = null, bool salted = false) => new(
        composed: true,
        cache => cache.UseDistributedCache = true,
        answer is null ? new((number, _) => ScriptedAnswer.Text("answer ", $"{number}"), Time) : new(answer),
        Time,
        inside,
        _far,
        salted);

    /// <summary>A stage inside the cache that lets something happen before the model is asked.</summary>
    private sealed class InterruptingChatClient(IChatClient inner, Func<Task> meanwhile) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await meanwhile();
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await meanwhile();
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }
    }
}
