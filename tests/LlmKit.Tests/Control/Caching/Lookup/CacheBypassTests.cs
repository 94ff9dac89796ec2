using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lookup;

[TestFixture(false)]
[TestFixture(true)]
public class CacheBypassTests(bool composed)
{
    [Test]
    public async Task GetResponse_BypassAsked_NeitherReadsNorStores([Values] bool streamed)
    {
        var bench = new CacheBench(composed);

        await bench.AskAsync("hello", streamed, new() { Cache = LlmCacheDirectives.Bypass });
        var (_, call) = await bench.AskAsync("hello", streamed, new() { Cache = LlmCacheDirectives.Bypass });

        Assert.That(bench.Asked, Is.EqualTo(2));
        Assert.That(bench.Cache.Store.Count, Is.Zero);
        Assert.That(CacheBench.Step(call), Has.Property("Decision").EqualTo("bypass").And.Property("Reason").Not.Null);
    }

    [Test]
    public async Task GetResponse_NoReadAsked_StoresTheFreshAnswer([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello", streamed);

        await bench.AskAsync("hello", streamed, new() { Cache = LlmCacheDirectives.NoRead });

        Assert.That((await bench.AskAsync("hello", streamed)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task GetResponse_NoWriteAsked_ReadsOnly([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello", streamed);

        await bench.AskAsync("hi", streamed, new() { Cache = LlmCacheDirectives.NoWrite });
        await bench.AskAsync("hello", streamed, new() { Cache = LlmCacheDirectives.NoWrite });

        Assert.That(bench.Asked, Is.EqualTo(2));
        Assert.That(bench.Cache.Store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetResponse_OlderThanTheCallAccepts_AsksAgain()
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello");
        bench.Time.Advance(TimeSpan.FromMinutes(5));

        var (old, _) = await bench.AskAsync("hello", options: new() { CacheMaxAge = TimeSpan.FromMinutes(6) });
        var (fresh, _) = await bench.AskAsync("hello", options: new() { CacheMaxAge = TimeSpan.FromMinutes(4) });

        Assert.That(old, Is.EqualTo("answer 0"));
        Assert.That(fresh, Is.EqualTo("answer 1"));
    }

    private static readonly ChatOptions[] Unfit =
    [
        new() { ConversationId = "c1" },
        new() { Temperature = 1.1f },
        new() { RawRepresentationFactory = _ => null },
        new() { Tools = [new HostedWebSearchTool()] },
        new() { AdditionalProperties = new() { ["adapter"] = new object() } },
        new ForeignOptions { Secret = "one" },
    ];

    [TestCaseSource(nameof(Unfit))]
    public async Task GetResponse_RequestThatCannotBeCached_GoesToTheModel(ChatOptions options)
    {
        foreach (var streamed in new[] { false, true })
        {
            var bench = new CacheBench(composed);

            var (_, call) = await bench.AskAsync([new(ChatRole.User, "hello")], streamed, options);

            Assert.That(CacheBench.Step(call).Decision, Is.EqualTo("bypass"));
            Assert.That(bench.Cache.Store.Count, Is.Zero);
        }
    }

    private static readonly AIContent[] KeptByTheProvider = [new HostedFileContent("file-1"), new HostedVectorStoreContent("store-1")];

    [TestCaseSource(nameof(KeptByTheProvider))]
    public async Task GetResponse_FileThatTheProviderKeeps_GoesToTheModel(AIContent file)
    {
        foreach (var streamed in new[] { false, true })
        {
            var bench = new CacheBench(composed);
            ChatMessage[] messages = [new(ChatRole.User, [file, new TextContent("Summarise it.")]), new(ChatRole.Assistant, "Done."), new(ChatRole.User, "Shorter")];

            await bench.AskAsync(messages, streamed);
            var (text, call) = await bench.AskAsync(messages, streamed);

            Assert.That(text, Is.EqualTo("answer 1"));
            Assert.That(CacheBench.Step(call), Has.Property("Decision").EqualTo("bypass").And.Property("Reason").Contains("provider keeps"));
            Assert.That(bench.Cache.Store.Count, Is.Zero);
        }
    }

    [Test]
    public async Task GetResponse_AttachmentBehindAnAddress_GoesToTheModel([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        ChatMessage[] messages = [new(ChatRole.User, [new UriContent("https://a.example/1", "image/png"), new TextContent("What is it?")])];

        await bench.AskAsync(messages, streamed);
        var (text, call) = await bench.AskAsync(messages, streamed);

        Assert.That(text, Is.EqualTo("answer 1"));
        Assert.That(CacheBench.Step(call), Has.Property("Decision").EqualTo("bypass").And.Property("Reason").Contains("address"));
    }

    [Test]
    public async Task GetResponse_AttachmentInTheRequest_HitsForTheSameBytesOnly([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        ChatMessage[] With(byte value) => [new(ChatRole.User, [new DataContent(new[] { value }, "image/png"), new TextContent("What is it?")])];

        await bench.AskAsync(With(1), streamed);

        Assert.That((await bench.AskAsync(With(1), streamed)).Text, Is.EqualTo("answer 0"));
        Assert.That((await bench.AskAsync(With(2), streamed)).Text, Is.EqualTo("answer 1"));
    }

    [TestCase("What is my balance?", CacheSharing.User, "u1", ExpectedResult = 1)]
    [TestCase("What is my balance?", CacheSharing.User, null, ExpectedResult = 2)]
    [TestCase("What is my balance?", CacheSharing.Tenant, "u1", ExpectedResult = 2)]
    [TestCase("Wo ist meine Bestellung?", CacheSharing.Everyone, "u1", ExpectedResult = 2)]
    [TestCase("How do I change my password?", CacheSharing.Tenant, "u1", ExpectedResult = 1)]
    [TestCase("What is the latest version?", CacheSharing.Tenant, "u1", ExpectedResult = 2)]
    [TestCase("What is the latest version?", CacheSharing.User, "u1", ExpectedResult = 1)]
    [TestCase("Quel temps fait-il aujourd’hui ?", CacheSharing.User, null, ExpectedResult = 2)]
    public async Task<int> GetResponse_VolatileOrPersonalQuestion_IsKeptForItsUserOnly(string question, CacheSharing sharing, string? user)
    {
        var bench = new CacheBench(composed, cache => cache.SharedBy = sharing);

        await bench.AskAsync(question, options: new() { Tenant = "acme", User = user });
        await bench.AskAsync(question, streamed: true, options: new() { Tenant = "acme", User = user });

        return bench.Asked;
    }

    [Test]
    public async Task GetResponse_VolatileQuestionOfAUser_IsKeptForAShortTime()
    {
        var bench = new CacheBench(composed);
        var options = new LlmCallOptions { User = "u1" };
        await bench.AskAsync("What is the weather in Oslo?", options: options);
        bench.Time.Advance(TimeSpan.FromSeconds(50));

        Assert.That((await bench.AskAsync("What is the weather in Oslo?", options: options)).Text, Is.EqualTo("answer 0"));
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.That((await bench.AskAsync("What is the weather in Oslo?", options: options)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task GetResponse_VolatileTimeToLiveOfZero_KeepsNone()
    {
        var bench = new CacheBench(composed, cache => cache.VolatileTimeToLive = TimeSpan.Zero);

        await bench.AskAsync("What is on today?", options: new() { User = "u1" });
        var (_, call) = await bench.AskAsync("What is on today?", options: new() { User = "u1" });

        Assert.That(bench.Asked, Is.EqualTo(2));
        Assert.That(CacheBench.Step(call).Decision, Is.EqualTo("bypass"));
        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public async Task GetResponse_ResultsOfToolsAnywhere_GoesToTheModel()
    {
        var bench = new CacheBench(composed);
        ChatMessage[] messages = [new(ChatRole.User, "weather?"), new(ChatRole.Assistant, [new FunctionCallContent("1", "weather")]), new(ChatRole.Tool, [new FunctionResultContent("1", "sun")])];

        var (_, call) = await bench.AskAsync(messages);
        var (_, later) = await bench.AskAsync([.. messages, new(ChatRole.Assistant, "Sunny."), new(ChatRole.User, "Thanks")]);

        Assert.That(CacheBench.Step(call).Decision, Is.EqualTo("bypass"));
        Assert.That(CacheBench.Step(later).Decision, Is.EqualTo("bypass"));
    }

    [Test]
    public async Task GetResponse_ChildCall_GoesToTheModel([Values] bool streamed, [Values] LlmCacheDirectives asked)
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello");
        var child = new LlmCall(CallSetup.Alone("test", bench.Time, null), default, isStreaming: false).Child("judge");
        child.Cache = asked;

        if (streamed)
            await bench.Client.GetStreamingResponseAsync("hello", child).ToChatResponseAsync();
        else
            await bench.Client.GetResponseAsync("hello", child);

        Assert.That(bench.Asked, Is.EqualTo(2));
        Assert.That(CacheBench.Step(child.Call!), Has.Property("Decision").EqualTo("bypass").And.Property("Reason").EqualTo("a child call"));
    }

    [Test]
    public void GetResponse_BypassInAnOpenCall_IsTheInnerTaskAndStreamThemselves()
    {
        var inner = new FixedChatClient();
        using var cache = new SemanticCacheChatClient(inner);
        var call = new LlmCall(CallSetup.Alone("test", null, null), default, isStreaming: false);
        var options = new LlmCallOptions { Call = call, Cache = LlmCacheDirectives.Bypass };

        Assert.That(cache.GetResponseAsync([], options), Is.SameAs(inner.Response));
        Assert.That(cache.GetStreamingResponseAsync([], options), Is.SameAs(inner.Stream));
    }
}
