using System.Net;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.AspNetCore;

public sealed class TracePageTests
{
    [TestCase("/llm/api/traces", "\"feature\":\"late\"")]
    [TestCase("/llm/api/groups?by=feature", "\"late\"")]
    [TestCase("/llm/api/trace/i1", "\"feature\":\"late\"")]
    public async Task Read_ACallThatHasJustEnded_IsThere(string path, string words)
    {
        var store = new SlowTraceStore();
        await using var rig = await StartAsync(store);
        await AskAsync(rig);

        var reading = ReadAsync(rig, path);
        await store.OpenAsync();

        Assert.That(await reading, Does.Contain(words));
        Assert.That(store.ReadEarly, Is.False);
    }

    [Test]
    public async Task Score_ACallThatHasJustEnded_IsTaken()
    {
        var store = new SlowTraceStore();
        await using var rig = await StartAsync(store);
        var id = await AskAsync(rig);

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/llm/api/traces/{id}/scores") { Content = new StringContent("""{"value":1}""", null, "application/json") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        var scoring = rig.Client.SendAsync(request);
        await store.OpenAsync();

        Assert.That((await scoring).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(store.ReadEarly, Is.False);
    }

    [Test]
    public async Task Read_WithAConversation_GivesItsRecordsAlone()
    {
        var store = new MemoryTraceStore();
        foreach (var id in new[] { "a", "b" })
            await store.AddAsync([new() { Id = id, TraceId = "t", Name = "chat", Conversation = "of-" + id, StartedAt = DateTimeOffset.UnixEpoch }]);
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("ok")), services: services => services.AddSingleton<ITraceStore>(store).AddAuthorizationBuilder().AddPolicy("all", policy => policy.RequireAssertion(_ => true)), map: Map);

        Assert.That(await ReadAsync(rig, "/llm/api/traces?conversation=of-b"), Does.Contain("\"id\":\"b\"").And.Not.Contain("\"id\":\"a\""));
    }

    [Test]
    public async Task Read_AStoreThatNobodyRecordsTo_IsReadAsItStands()
    {
        var store = new MemoryTraceStore();
        await store.AddAsync([new() { Id = "a", TraceId = "t", Name = "chat", StartedAt = DateTimeOffset.UnixEpoch }]);
        await using var rig = await ShowAsync(store);

        Assert.That(await ReadAsync(rig, "/llm/api/traces"), Does.Contain("\"id\":\"a\""));
    }

    [TestCase("/llm/api/traces", false, true)]
    [TestCase("/llm/api/traces?purpose=judge", true, false)]
    [TestCase("/llm/api/traces?children=true", true, true)]
    [TestCase("/llm/api/trace/t", true, true)]
    public async Task Read_WhatACallAskedForItself_IsInItsTraceAndWhereItIsAskedFor(string path, bool hasJudge, bool hasCall)
    {
        var store = new MemoryTraceStore();
        var call = new TraceRecord { Id = "a", TraceId = "t", Name = "chat", StartedAt = DateTimeOffset.UnixEpoch };
        await store.AddAsync([call, call with { Id = "b", ParentId = "a", Purpose = "judge" }]);
        await using var rig = await ShowAsync(store);

        var json = await ReadAsync(rig, path);

        Assert.That((json.Contains("\"parentId\":\"a\",\"purpose\":\"judge\"", StringComparison.Ordinal), json.Contains("\"id\":\"a\"", StringComparison.Ordinal)), Is.EqualTo((hasJudge, hasCall)));
    }

    [Test]
    public async Task Groups_WhatACallAskedForItself_IsCountedOnce()
    {
        var store = new MemoryTraceStore();
        var call = new TraceRecord { Id = "a", TraceId = "t", Name = "chat", StartedAt = DateTimeOffset.UnixEpoch };
        await store.AddAsync([call, call with { Id = "b", ParentId = "a", Purpose = "judge" }]);
        await using var rig = await ShowAsync(store);

        Assert.That(await ReadAsync(rig, "/llm/api/groups?by=nothing"), Does.Contain("\"calls\":1,"));
    }

    private static Task<WebRig> StartAsync(ITraceStore store) => WebRig.StartAsync(
        new ScriptedChatClient(ScriptedAnswer.Text("ok")),
        stages: pipeline => pipeline.WithTraces().UseTracing(),
        services: services => services.AddSingleton(store).AddAuthorizationBuilder().AddPolicy("all", policy => policy.RequireAssertion(_ => true)),
        map: Map);

    private static Task<WebRig> ShowAsync(ITraceStore store) => WebRig.StartAsync(
        new ScriptedChatClient(ScriptedAnswer.Text("ok")),
        services: services => services.AddSingleton(store).AddAuthorizationBuilder().AddPolicy("all", policy => policy.RequireAssertion(_ => true)),
        map: Map);

    private static void Map(WebApplication app)
    {
        app.UseAuthorization();
        app.MapLlmTraces("/llm", "all");
    }

    private static async Task<string> AskAsync(WebRig rig)
    {
        var chat = rig.Services.GetRequiredService<Microsoft.Extensions.AI.IChatClient>();
        var response = await chat.GetResponseAsync([new(Microsoft.Extensions.AI.ChatRole.User, "hi")], new LlmCallOptions { Tenant = "acme", Feature = "late", Interaction = new("i1") });
        return response.GetCall()!.Id;
    }

    private static async Task<string> ReadAsync(WebRig rig, string path)
    {
        using var response = await rig.GetAsync(path);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Adds nothing before it is let, and notes whether somebody looked before.</summary>
    private sealed class SlowTraceStore : ITraceStore
    {
        private readonly MemoryTraceStore _store = new();

        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool ReadEarly { get; private set; }

        /// <summary>Lets what comes in, once somebody who does not wait for it has had the time to look.</summary>
        public async Task OpenAsync()
        {
            for (var i = 0; i < 200_000 && !ReadEarly; i++)
                await Task.Yield();
            _gate.SetResult();
        }

        public async ValueTask AddAsync(IReadOnlyList<TraceRecord> records, CancellationToken cancellationToken = default)
        {
            await _gate.Task;
            await _store.AddAsync(records, cancellationToken);
        }

        public ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default) => Look().GetAsync(id, cancellationToken);

        public ValueTask<TracePage> ListAsync(TraceQuery query, CancellationToken cancellationToken = default) => Look().ListAsync(query, cancellationToken);

        public ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default) => Look().AggregateAsync(query, grouping, cancellationToken);

        public ValueTask<bool> ScoreAsync(string id, TraceScore score, CancellationToken cancellationToken = default) => Look().ScoreAsync(id, score, cancellationToken);

        public ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default) => _store.DeleteByUserAsync(tenant, user, cancellationToken);

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _store.FlushAsync(cancellationToken);

        private MemoryTraceStore Look()
        {
            ReadEarly |= !_gate.Task.IsCompleted;
            return _store;
        }
    }
}
