using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Internal;
using LlmKit.Internal.Keys;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lookup;

public class RequestKeysTests
{
    private static readonly Action<LlmCallOptions>[] OptionChanges =
    [
        o => o.Instructions = "Be brief.",
        o => o.Instructions = "",
        o => o.Temperature = 0.5f,
        o => o.TopP = 0.5f,
        o => o.TopK = 5,
        o => o.Seed = 1,
        o => o.FrequencyPenalty = 0.5f,
        o => o.PresencePenalty = 0.5f,
        o => o.MaxOutputTokens = 10,
        o => o.StopSequences = ["a", "b"],
        o => o.StopSequences = ["ab"],
        o => o.Reasoning = new() { Effort = ReasoningEffort.High },
        o => o.Reasoning = new() { Output = ReasoningOutput.Full },
        o => o.ResponseFormat = ChatResponseFormat.Json,
        o => o.ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("{\"type\":\"object\"}")),
        o => o.ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("{\"type\":\"array\"}")),
        o => o.ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("{\"type\":\"object\"}"), "name"),
        o => o.Tools = [Tool("f", "d", "{}")],
        o => o.Tools = [Tool("g", "d", "{}")],
        o => o.Tools = [Tool("f", "e", "{}")],
        o => o.Tools = [Tool("f", "d", "{\"type\":\"object\"}")],
        o => o.Tools = [Tool("f", "d", "{}"), Tool("g", "d", "{}")],
        o => (o.Tools, o.ToolMode) = ([Tool("f", "d", "{}")], ChatToolMode.RequireAny),
        o => (o.Tools, o.ToolMode) = ([Tool("f", "d", "{}")], ChatToolMode.RequireSpecific("f")),
        o => (o.Tools, o.ToolMode) = ([Tool("f", "d", "{}")], ChatToolMode.None),
        o => (o.Tools, o.AllowMultipleToolCalls) = ([Tool("f", "d", "{}")], false),
        o => o.AdditionalProperties = new() { ["verbosity"] = "low" },
        o => o.AdditionalProperties = new() { ["verbosity"] = 1 },
        o => o.ModelId = "small",
        o => o.Model = "small",
        o => o.ExcludedModels = ["small"],
        o => o.AllowFallback = false,
        o => o.Tenant = "acme",
        o => o.User = "acme",
        o => o.Call!.AddSalt([1, 2, 3]),
        o => o.Call!.AddFact("llmkit.models", new[] { "small" }),
        o => o.Call!.AddFact("llmkit.regions", new[] { "small" }),
    ];

    private static readonly ChatMessage[][] Histories =
    [
        [User("hi")],
        [User("ho")],
        [new(ChatRole.System, "hi")],
        [User("a"), User("hi")],
        [User("ah"), User("i")],
        [User("hi"), new(ChatRole.Assistant, "a")],
        [new(ChatRole.User, "hi") { AuthorName = "bob" }],
        [new(ChatRole.User, [new TextContent("h"), new TextContent("i")])],
        [new(ChatRole.User, [new TextContent("hi"), new DataContent(new byte[] { 1 }, "image/png")])],
        [new(ChatRole.User, [new TextContent("hi"), new DataContent(new byte[] { 2 }, "image/png")])],
        [new(ChatRole.User, [new TextContent("hi"), new DataContent(new byte[] { 1 }, "image/jpeg")])],
        [new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png"), new TextContent("hi")])],
        [new(ChatRole.User, [new TextContent("hi"), new UriContent("https://a.example/1", "image/png")])],
        [new(ChatRole.User, [new TextContent("hi"), new UriContent("https://a.example/2", "image/png")])],
        [new(ChatRole.Assistant, [new TextReasoningContent("why")]), User("hi")],
        [new(ChatRole.Assistant, "why"), User("hi")],
        [new(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = 1 })]), User("hi")],
        [new(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = 2 })]), User("hi")],
        [new(ChatRole.Tool, [new FunctionResultContent("1", "sun")]), User("hi")],
        [new(ChatRole.Tool, [new FunctionResultContent("1", "rain")]), User("hi")],
    ];

    [Test]
    public void Of_AnyOptionThatCanChangeTheAnswer_GivesAnotherPartition()
    {
        var keys = OptionChanges.Prepend(_ => { }).Select(change => Of([User("hi")], change)).ToList();

        Assert.That(keys.Select(key => key.Problem), Is.All.Null);
        Assert.That(keys.Select(key => key.Partition), Is.Unique);
        Assert.That(keys.Select(key => key.Exact), Is.Unique);
    }

    [Test]
    public void Of_AnyDifferenceInTheMessages_GivesAnotherKey()
    {
        var keys = Histories.Select(messages => Of(messages)).ToList();

        Assert.That(keys.Select(key => key.Problem), Is.All.Null);
        Assert.That(keys.Select(key => key.Exact), Is.Unique);
    }

    [Test]
    public void Of_OtherLastUserText_KeepsThePartition()
    {
        Assert.That(Of([User("hi")]).Partition, Is.EqualTo(Of([User("ho")]).Partition));
        Assert.That(Of([User("a"), User("hi")]).Partition, Is.Not.EqualTo(Of([User("b"), User("hi")]).Partition));
    }

    private static readonly Action<LlmCallOptions>[] Irrelevant =
    [
        o => o.Tools = [],
        o => o.StopSequences = [],
        o => o.AdditionalProperties = [],
        o => o.AdditionalProperties = new() { ["llmkit.tenant"] = "x" },
        o => o.Tags = new Dictionary<string, string> { ["a"] = "b" },
        o => o.Feature = "summarise",
        o => o.Deadline = DateTimeOffset.UnixEpoch,
        o => o.MaxCost = 1,
        o => o.Priority = LlmPriority.Interactive,
        o => o.IdempotencyKey = "k",
        o => o.ToolMode = ChatToolMode.Auto,
    ];

    [TestCaseSource(nameof(Irrelevant))]
    public void Of_WhatCannotChangeTheAnswer_GivesTheSameKey(Action<LlmCallOptions> change) =>
        Assert.That(Of([User("hi")], change), Is.EqualTo(Of([User("hi")])));

    [Test]
    public void Of_IdsAndTimesOfMessages_DoNotMatter()
    {
        ChatMessage[] dated = [new(ChatRole.User, "hi") { MessageId = "1", CreatedAt = DateTimeOffset.UnixEpoch, RawRepresentation = new() }];

        Assert.That(Of(dated), Is.EqualTo(Of([User("hi")])));
    }

    [Test]
    public void Of_SchemasWrittenInAnotherOrder_AreEqual()
    {
        var one = Of([User("hi")], o => o.Tools = [Tool("f", "d", "{\"type\":\"object\",\"properties\":{\"a\":1,\"b\":[1,2]}}")]);
        var other = Of([User("hi")], o => o.Tools = [Tool("f", "d", "{ \"properties\": {\"b\":[1, 2],\"a\":1}, \"type\":\"object\" }")]);

        Assert.That(one, Is.EqualTo(other));
    }

    [Test]
    public void Of_FeatureAskedFor_GivesAnotherPartition()
    {
        var policy = new CachePolicy(new() { PerFeature = true });

        Assert.That(Of([User("hi")], o => o.Feature = "a", policy), Is.Not.EqualTo(Of([User("hi")], o => o.Feature = "b", policy)));
    }

    [TestCase(CacheSharing.User, ExpectedResult = 4)]
    [TestCase(CacheSharing.Tenant, ExpectedResult = 2)]
    [TestCase(CacheSharing.Everyone, ExpectedResult = 1)]
    public int Of_TwoUsersOfTwoTenants_ShareAsThePolicySays(CacheSharing sharing)
    {
        var policy = new CachePolicy(new() { SharedBy = sharing });
        var keys = from tenant in new[] { "a", "b" } from user in new[] { "1", "2" } select Of([User("hi")], o => (o.Tenant, o.User) = (tenant, user), policy).Exact;
        return keys.Distinct().Count();
    }

    [TestCase(1_023)]
    [TestCase(1_024)]
    [TestCase(5_000)]
    [TestCase(100_000)]
    public void Of_LongTexts_CountToTheirEnd(int length)
    {
        var text = string.Concat(Enumerable.Repeat("a😀", length / 3));

        Assert.That(Of([User(text)]), Is.EqualTo(Of([User(new string(text))])));
        Assert.That(Of([User(text + "b")]).Exact, Is.Not.EqualTo(Of([User(text + "c")]).Exact));
        Assert.That(Of([User(text), User("q")]).Partition, Is.Not.EqualTo(Of([User(text + "c"), User("q")]).Partition));
    }

    [Test]
    public void Of_OneKilobyte_AllocatesLittle()
    {
        ChatMessage[] messages = [new(ChatRole.System, new string('s', 500)), User(new string('u', 500))];
        var options = new LlmCallOptions();
        var call = Open(options);
        var policy = new CachePolicy(new());

        Assert.That(Allocated.By(() => RequestKeys.Exact(messages, options, call, policy, new(default, []), out _), enough: 400), Is.LessThanOrEqualTo(400));
    }

    internal static ChatMessage User(string text) => new(ChatRole.User, text);

    internal static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    internal static AITool Tool(string name, string description, string schema) => AIFunctionFactory.CreateDeclaration(name, description, Json(schema));

    internal static Keys Of(ChatMessage[] messages, Action<LlmCallOptions>? change = null, CachePolicy? policy = null)
    {
        var options = new LlmCallOptions();
        options.Call = Open(options);
        change?.Invoke(options);
        var salted = options.Call;
        options.Call = Open(options);
        if (salted.Salt is { } salt)
            options.Call.AddSalt(Convert.FromHexString(salt));
        foreach (var fact in new[] { "llmkit.models", "llmkit.regions" })
        {
            if (salted.GetFact(fact) is { } value)
                options.Call.AddFact(fact, value);
        }

        var exact = RequestKeys.Exact(messages, options, options.Call, policy ?? new(new()), new(default, []), out var problem);
        return new(RequestKeys.Partition(messages, Turns.LastOfUser(messages), options, options.Call, policy ?? new(new()), new(default, [])), exact, problem);
    }

    internal readonly record struct Keys(Hash256 Partition, Hash256 Exact, string? Problem);

    private static LlmCall Open(LlmCallOptions options) =>
        new(CallSetup.Alone("test", null, null), new(options.Tenant, options.User, options.Feature), isStreaming: false);
}
