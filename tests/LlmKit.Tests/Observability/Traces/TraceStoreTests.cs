using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces;

/// <summary>What every trace store does, in memory or on a disk.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class TraceStoreTests(bool onDisk) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private ITraceStore _store = null!;

    [SetUp]
    public void Open() => _store = onDisk ? new FileTraceStore(new() { Directory = _folder.FullName }, new ManualTimeProvider(TraceRecords.Noon)) : new MemoryTraceStore(maxRecords: 20_000, time: new ManualTimeProvider(TraceRecords.Noon));

    [TearDown]
    public void Dispose()
    {
        (_store as IDisposable)?.Dispose();
        _folder.Refresh();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Get_ARecordWithAll_IsAsItWasAdded()
    {
        var record = Rich();

        await _store.AddAsync([record]);

        Assert.That(Json((await _store.GetAsync("a"))!), Is.EqualTo(Json(record)));
        Assert.That(await _store.GetAsync("b"), Is.Null);
    }

    [Test]
    public async Task Add_AnIdThatIsKnown_TakesItsPlaceAndKeepsItsScores()
    {
        await _store.AddAsync([TraceRecords.Of("a", text: "before")]);
        await _store.ScoreAsync("a", new(1, TraceRecords.Noon));

        await _store.AddAsync([TraceRecords.Of("a", text: "after")]);

        var record = (await _store.GetAsync("a"))!;
        Assert.That(record.Input[1].Text, Is.EqualTo("after"));
        Assert.That(record.LastScore, Is.EqualTo(1));
        Assert.That(await TraceRecords.IdsAsync(_store), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task List_PageByPageWhileOthersCome_GivesEachOnceTheLatestFirst()
    {
        // Some started at once: then their ids decide.
        for (var i = 0; i < 10; i++)
            await _store.AddAsync([TraceRecords.Of($"r{i}", second: i / 2)]);
        var seen = new List<string>();
        var query = new TraceQuery { Limit = 3 };

        for (var page = await _store.ListAsync(query); ; page = await _store.ListAsync(query with { After = page.Next }))
        {
            seen.AddRange(page.Traces.Select(trace => trace.Id));
            await _store.AddAsync([TraceRecords.Of($"late{seen.Count}", second: 100)]);
            if (page.Next is null)
                break;
        }

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 10).Reverse().Select(i => $"r{i}")));
    }

    [Test]
    public async Task List_EachFilter_FindsWhatItNamesAndNothingElse()
    {
        var odd = TraceRecords.Of("odd", 5, text: "a \\\"special\\\" wish") with
        {
            TraceId = "t1",
            Kind = TraceKind.Tool,
            Pipeline = "p",
            Model = "big",
            Provider = "openai",
            Tenant = "zeta",
            User = "zoe",
            Feature = "sum",
            Interaction = "i",
            Conversation = "c",
            ResponseModel = "gpt-zeta",
            RequestModel = "gpt-eta",
            PromptName = "greet",
            PromptVersion = "2",
            Tags = new Dictionary<string, string> { ["team"] = "blue" },
            Status = CallStatus.Failed,
            ErrorType = "timeout",
            Marks = AnswerMarks.Cached,
            Cost = 9,
            Usage = new() { Input = 900 },
            Duration = TimeSpan.FromSeconds(9),
        };
        await _store.AddAsync([TraceRecords.Of("even"), odd, TraceRecords.Of("other", 1) with { Cost = null }]);
        await _store.ScoreAsync("odd", new(0.9, TraceRecords.Noon));
        await _store.ScoreAsync("even", new(0.1, TraceRecords.Noon));

        TraceQuery[] queries =
        [
            new() { From = TraceRecords.Noon.AddSeconds(5) }, new() { Kind = TraceKind.Tool }, new() { TraceId = "t1" }, new() { Pipeline = "p" }, new() { Model = "big" },
            new() { Provider = "openai" }, new() { Tenant = "zeta" }, new() { User = "zoe" }, new() { Feature = "sum" }, new() { Interaction = "i" }, new() { Conversation = "c" }, new() { PromptName = "greet" },
            new() { PromptVersion = "2" }, new() { Tag = new("team", "blue") }, new() { Tag = new("team", null) }, new() { Status = CallStatus.Failed }, new() { ErrorType = "timeout" },
            new() { IsBad = true }, new() { IsHit = true }, new() { MinCost = 1 }, new() { MinTokens = 100 }, new() { MinDuration = TimeSpan.FromSeconds(5) }, new() { MinScore = 0.5 },
            new() { Text = "A \"Special\" wish" }, new() { Text = "SUM" }, new() { Text = "Greet" }, new() { Text = "gpt-zeta" }, new() { Text = "gpt-eta" }, new() { Text = "zeta" }, new() { Text = "zoe" }, new() { Text = "odd" },
        ];
        foreach (var query in queries)
            Assert.That(await TraceRecords.IdsAsync(_store, query), Is.EqualTo(new[] { "odd" }), query.ToString());

        Assert.That(await TraceRecords.IdsAsync(_store, new() { To = TraceRecords.Noon.AddSeconds(5) }), Is.EqualTo(new[] { "other", "even" }));
        Assert.That(await TraceRecords.IdsAsync(_store, new() { MaxScore = 0.5 }), Is.EqualTo(new[] { "even" }), "who was not scored has no score");
        Assert.That(await TraceRecords.IdsAsync(_store, new() { Tag = new("team", "red") }), Is.Empty);
    }

    [Test]
    public async Task List_WhatACallAskedForItself_IsFoundWhereItIsAskedForAndCountedNowhere()
    {
        for (var i = 0; i < 4; i++)
            await _store.AddAsync([TraceRecords.Of($"judge{i}", i) with { ParentId = $"r{i}", Purpose = "judge", Status = CallStatus.Failed, TraceId = "t" }, TraceRecords.Of($"r{i}", i) with { TraceId = "t" }]);
        var seen = new List<string>();
        var query = new TraceQuery { Limit = 1 };
        for (var page = await _store.ListAsync(query); ; page = await _store.ListAsync(query with { After = page.Next }))
        {
            seen.AddRange(page.Traces.Select(trace => trace.Id));
            if (page.Next is null)
                break;
        }

        var sums = (await _store.AggregateAsync(new(), new())).Single();

        Assert.That(seen, Is.EqualTo(new[] { "r3", "r2", "r1", "r0" }));
        Assert.That((sums.Calls, sums.Failures, sums.Cost, sums.InputTokens), Is.EqualTo((4, 0, 2m, 40L)));
        Assert.That(await TraceRecords.IdsAsync(_store, new() { Purpose = "judge", Limit = 2 }), Is.EqualTo(new[] { "judge3", "judge2" }));
        Assert.That(await TraceRecords.IdsAsync(_store, new() { Purpose = "repair" }), Is.Empty);
        Assert.That(await TraceRecords.IdsAsync(_store, new() { TraceId = "t", WithChildren = true }), Has.Count.EqualTo(8));
        Assert.That(await _store.GetAsync("judge1"), Has.Property("ParentId").EqualTo("r1").And.Property("Purpose").EqualTo("judge"));
        Assert.That(await _store.DeleteByUserAsync("acme", "ann"), Is.EqualTo(8));
        Assert.That(await _store.GetAsync("judge1"), Is.Null);
    }

    [Test]
    public void List_ALimitOrAMarkThatDoesNotRead_SaysWhatToDo()
    {
        Assert.That(async () => await _store.ListAsync(new() { Limit = 0 }), Throws.ArgumentException.With.Message.Contains("1 to 1000"));
        Assert.That(async () => await _store.ListAsync(new() { After = "x" }), Throws.ArgumentException.With.Message.Contains("TracePage.Next"));
    }

    [Test]
    public async Task Aggregate_ByTenantAndHour_SumsEachApart()
    {
        await _store.AddAsync(
        [
            TraceRecords.Of("a"), TraceRecords.Of("b", 3600) with { Status = CallStatus.Failed, Cost = null }, TraceRecords.Of("c", 3601) with { Marks = AnswerMarks.Cached },
            TraceRecords.Of("d", 3602, tenant: "zeta") with { Marks = AnswerMarks.Blocked },
        ]);
        await _store.ScoreAsync("b", new(0.5, TraceRecords.Noon));

        var groups = await _store.AggregateAsync(new() { Feature = "triage" }, new(TraceGroupBy.Tenant, TimeSpan.FromHours(1)));

        Assert.That(groups.Select(group => (group.From, group.Name, group.Calls)), Is.EqualTo(new (DateTimeOffset?, string?, int)[]
        {
            (TraceRecords.Noon, "acme", 1), (TraceRecords.Noon.AddHours(1), "acme", 2), (TraceRecords.Noon.AddHours(1), "zeta", 1),
        }));
        var second = groups[1];
        Assert.That((second.Failures, second.Hits, second.Unpriced, second.Cost, second.InputTokens, second.MeanScore), Is.EqualTo((1, 1, 1, 0.5m, 20L, 0.5)));
        Assert.That((second.DurationP50, second.DurationP95), Is.EqualTo((TimeSpan.FromMilliseconds(3700), TimeSpan.FromMilliseconds(3701))));
        Assert.That(groups[2].Blocked, Is.EqualTo(1));
    }

    [Test]
    public async Task Aggregate_MoreGroupsThanMayBe_SumsUpTheRestOfEachStretchOfTime()
    {
        await _store.AddAsync([.. Enumerable.Range(0, TraceGrouping.MostGroups + 100).Select(i => TraceRecords.Of($"r{i}", second: i % 2 * 3600, tenant: $"t{i}"))]);

        var groups = await _store.AggregateAsync(new(), new(TraceGroupBy.Tenant, TimeSpan.FromHours(1)));

        Assert.That(groups.Sum(group => group.Calls), Is.EqualTo(TraceGrouping.MostGroups + 100));
        Assert.That(groups.Where(group => group.Name == "_other").Select(group => (group.From, group.Calls)),
            Is.EqualTo(new (DateTimeOffset?, int)[] { (TraceRecords.Noon, 50), (TraceRecords.Noon.AddHours(1), 50) }));
    }

    [Test]
    public async Task Score_TwiceByOneSourceAndOnceByAnother_KeepsTheLastOfEach()
    {
        await _store.AddAsync([TraceRecords.Of("a")]);

        await _store.ScoreAsync("a", new(0, TraceRecords.Noon));
        await _store.ScoreAsync("a", new(0.7, TraceRecords.Noon, Source: "judge"));
        var known = await _store.ScoreAsync("a", new(1, TraceRecords.Noon, new string('x', 1_000)));

        var scores = (await _store.GetAsync("a"))!.Scores;
        Assert.That(known, Is.True);
        Assert.That(scores.Select(score => (score.Source, score.Value)), Is.EqualTo(new[] { ("judge", 0.7), ("user", 1d) }));
        Assert.That(scores[1].Label, Has.Length.EqualTo(256));
        Assert.That(await _store.ScoreAsync("nobody", new(1, TraceRecords.Noon)), Is.False);
    }

    [Test]
    public async Task DeleteByUser_WithTextsThatOthersShare_LeavesTheOthersWhole()
    {
        await _store.AddAsync([TraceRecords.Of("a", text: "a secret of Ann's"), TraceRecords.Of("b", user: "bob"), TraceRecords.Of("c", tenant: "zeta"), TraceRecords.Of("d", user: null)]);

        var count = await _store.DeleteByUserAsync("acme", "ann");

        Assert.That(count, Is.EqualTo(1));
        Assert.That(await _store.GetAsync("a"), Is.Null);
        Assert.That(await TraceRecords.IdsAsync(_store), Is.EquivalentTo(new[] { "b", "c", "d" }));
        Assert.That(Json((await _store.GetAsync("b"))!), Is.EqualTo(Json(TraceRecords.Of("b", user: "bob"))));
        Assert.That(await TraceRecords.IdsAsync(_store, new() { Text = "secret" }), Is.Empty);
        await _store.AddAsync([TraceRecords.Of("e", second: 1)]);
        Assert.That(await _store.GetAsync("e"), Is.Not.Null, "what they do afterwards is kept again");
    }

    [Test]
    public async Task DeleteByUser_WhatNamesNobody_GoesWhereTheTraceIsTheirsAlone()
    {
        await _store.AddAsync(
        [
            Part("a", "t1", "ann"), Part("tool-a", "t1", user: null, "Ann's address"),
            Part("b", "t2", "ann"), Part("c", "t2", "bob"), Part("tool-b", "t2", user: null),
            Part("d", "t3", "ann", tenant: "zeta"), Part("tool-d", "t3", user: null), Part("tool-e", "t4", user: null),
        ]);

        var count = await _store.DeleteByUserAsync("acme", "ann");

        Assert.That(count, Is.EqualTo(3));
        Assert.That(await TraceRecords.IdsAsync(_store), Is.EquivalentTo(new[] { "c", "tool-b", "d", "tool-d", "tool-e" }));
        Assert.That(await _store.GetAsync("tool-a"), Is.Null);
        Assert.That(await TraceRecords.IdsAsync(_store, new() { Text = "Ann's address" }), Is.Empty);
        Assert.That(await _store.DeleteByUserAsync("acme", "ann"), Is.Zero);

        static TraceRecord Part(string id, string trace, string? user, string? text = null, string tenant = "acme") =>
            TraceRecords.Of(id, text: text, tenant: user is null ? null : tenant, user: user) with { TraceId = trace, Kind = user is null ? TraceKind.Tool : TraceKind.Chat };
    }

    [Test]
    public async Task DeleteByUser_ARecordThatComesLate_IsNotKept()
    {
        await _store.DeleteByUserAsync("acme", "ann");

        await _store.AddAsync([TraceRecords.Of("a", text: "a late secret"), TraceRecords.Of("b", user: "bob")]);

        Assert.That(await TraceRecords.IdsAsync(_store), Is.EqualTo(new[] { "b" }));
        Assert.That(string.Join('\n', _folder.GetFiles().Select(file => File.ReadAllText(file.FullName))), Does.Not.Contain("a late secret"));
    }

    [Test]
    public async Task Score_AnEarlierOneThatComesLater_DoesNotTakeThePlaceOfTheLater()
    {
        await _store.AddAsync([TraceRecords.Of("a")]);

        await _store.ScoreAsync("a", new(1, TraceRecords.Noon.AddMinutes(2)));
        await _store.ScoreAsync("a", new(0.5, TraceRecords.Noon.AddMinutes(1), Source: "judge"));
        await _store.ScoreAsync("a", new(0, TraceRecords.Noon));

        Assert.That((await _store.GetAsync("a"))!.Scores.Select(score => score.Value), Is.EqualTo(new[] { 0.5, 1 }));
    }

    private static TraceRecord Rich() => TraceRecords.Of("a") with
    {
        SpanId = "0011223344556677",
        ParentSpanId = "8899aabbccddeeff",
        ParentId = "p",
        Purpose = "judge",
        Pipeline = "p",
        Interaction = "i",
        Conversation = "c",
        Tags = new Dictionary<string, string> { ["team"] = "blue" },
        FirstContent = TimeSpan.FromTicks(12_345),
        IsStreaming = true,
        RequestModel = "gpt",
        ResponseModel = "gpt-2026",
        Provider = "openai",
        ResponseId = "r",
        Fingerprint = "fp",
        FinishReason = "stop",
        Status = CallStatus.Failed,
        ErrorType = "timeout",
        Marks = AnswerMarks.Fallback | AnswerMarks.Cached,
        IsReplayed = true,
        IsRedacted = true,
        IsIncomplete = true,
        Usage = new() { Input = 5, CachedInput = 2, CacheWrite = 1, Output = 4, Reasoning = 3 },
        Cost = 0.000_000_000_123m,
        PromptName = "greet",
        PromptVersion = "2",
        Attempts = [new() { Model = "small", Provider = "openai", Purpose = "judge", Started = TimeSpan.FromTicks(-7), Duration = TimeSpan.FromTicks(11), FirstContent = TimeSpan.FromTicks(3), Failure = "overloaded", Status = 529, Usage = new() { Input = 1 }, IsEstimated = true, Cost = 0.1m, PriceVersion = "v" }],
        Steps = [new("router", "fallback", "it was slow") { At = TimeSpan.FromTicks(9), IsObserved = true, Facts = new Dictionary<string, string> { ["score"] = "0.5" } }],
        Instructions = TraceRecords.Message("system", "Be kind."),
        Options = new("""{"temperature":0}"""u8.ToArray()),
        Tools = new("[]"u8.ToArray()),
        Prompt = new("""{"template":"Help {{name}}."}"""u8.ToArray()),
        PromptVariables = new("""{"name":"Ann"}"""u8.ToArray()),
        Attributes = new Dictionary<string, string> { ["http.request.method"] = "GET" },
        Documents = new("""[{"id":"d1","score":0.5}]"""u8.ToArray()),
        DroppedMessages = 3,
    };

    private static string Json(TraceRecord record)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, TraceJson.Compact))
            TraceJson.WriteRecord(writer, record, byHash: false);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
