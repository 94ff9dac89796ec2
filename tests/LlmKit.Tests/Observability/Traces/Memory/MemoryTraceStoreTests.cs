using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Memory;

public sealed class MemoryTraceStoreTests
{
    [Test]
    public async Task Add_MoreThanThereIsRoomFor_LetsAJudgeThatFailedGoWithItsCall()
    {
        var store = new MemoryTraceStore(maxRecords: 3);
        await store.AddAsync([TraceRecords.Of("judge") with { TraceId = "a", ParentId = "a1", Purpose = "judge", Status = CallStatus.Failed }, TraceRecords.Of("a1") with { TraceId = "a" }]);

        await store.AddAsync([TraceRecords.Of("b1"), TraceRecords.Of("b2")]);

        Assert.That(await TraceRecords.IdsAsync(store, new() { WithChildren = true }), Is.EqualTo(new[] { "b2", "b1" }));
    }

    [Test]
    public async Task Add_MoreThanThereIsRoomFor_DropsTheOldestTraceAsAWhole()
    {
        var store = new MemoryTraceStore(maxRecords: 4);
        await store.AddAsync([TraceRecords.Of("a1") with { TraceId = "a" }, TraceRecords.Of("b1"), TraceRecords.Of("a2") with { TraceId = "a" }, TraceRecords.Of("b2")]);

        await store.AddAsync([TraceRecords.Of("c")]);

        Assert.That(await TraceRecords.IdsAsync(store), Is.EquivalentTo(new[] { "b1", "b2", "c" }));
    }

    [Test]
    public async Task Add_ErrorsAndBadAnswers_MakeRoomLastButDoNotFillTheStore()
    {
        var store = new MemoryTraceStore(maxRecords: 8);
        await store.AddAsync([.. Enumerable.Range(0, 4).Select(i => TraceRecords.Of($"bad{i}") with { Status = CallStatus.Failed })]);
        await store.AddAsync([TraceRecords.Of("scored")]);
        await store.ScoreAsync("scored", new(0, TraceRecords.Noon));

        for (var i = 0; i < 20; i++)
            await store.AddAsync([TraceRecords.Of($"good{i}", i)]);

        var ids = await TraceRecords.IdsAsync(store);
        Assert.That(ids, Has.Count.EqualTo(8).And.Contains("scored").And.Contains("bad3").And.Contains("good19"));
        Assert.That(ids.Count(id => !id.StartsWith("good", StringComparison.Ordinal)), Is.EqualTo(2), "a quarter");
    }

    [Test]
    public async Task Add_ATextThatIsHereAlready_IsInMemoryOnceForAllRecords()
    {
        var store = new MemoryTraceStore();
        await store.AddAsync([TraceRecords.Of("a", text: "the same")]);
        await store.AddAsync([TraceRecords.Of("b", text: "the same")]);

        var first = (await store.GetAsync("a"))!;
        var second = (await store.GetAsync("b"))!;

        Assert.That(second.Input[0], Is.SameAs(first.Input[0]));
    }

    [Test]
    public async Task Add_LargeTexts_StaysWithinItsBytesAndForgetsTextsThatNobodyRefersTo()
    {
        var store = new MemoryTraceStore(maxBytes: 100_000);

        for (var i = 0; i < 50; i++)
            await store.AddAsync([TraceRecords.Of($"r{i}", i, text: new string((char)('a' + (i % 26)), 10_000))]);

        Assert.That(store.Bytes, Is.LessThanOrEqualTo(100_000));
        Assert.That(store.Count, Is.InRange(5, 9));
        Assert.That(await TraceRecords.IdsAsync(store, new() { Limit = 1 }), Is.EqualTo(new[] { "r49" }));
        await store.DeleteByUserAsync("acme", "ann");
        Assert.That((store.Count, store.Bytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public async Task DeleteByUser_WhatComesLate_IsNotKeptAndWhatTheirToolsSaidGoesWithIt()
    {
        var clock = new ManualTimeProvider(TraceRecords.Noon.AddMinutes(1));
        var store = new MemoryTraceStore(time: clock);
        await store.AddAsync(
        [
            TraceRecords.Of("call") with { TraceId = "t" }, TraceRecords.Of("tool", user: null, tenant: null) with { TraceId = "t" },
            TraceRecords.Of("hers") with { TraceId = "u" }, TraceRecords.Of("his", user: "bob") with { TraceId = "u" }, TraceRecords.Of("theirs", user: null) with { TraceId = "u" },
        ]);

        var count = await store.DeleteByUserAsync("acme", "ann");
        await store.AddAsync([TraceRecords.Of("late", 59), TraceRecords.Of("new", 61)]);

        Assert.That(count, Is.EqualTo(3));
        Assert.That(await TraceRecords.IdsAsync(store), Is.EquivalentTo(new[] { "his", "theirs", "new" }));
    }

    [Test]
    public async Task Add_OneTraceWithoutEnd_KeepsItsNewest()
    {
        var store = new MemoryTraceStore(maxRecords: 3);

        for (var i = 0; i < 10; i++)
            await store.AddAsync([TraceRecords.Of($"r{i}", i) with { TraceId = "worker" }]);

        Assert.That(await TraceRecords.IdsAsync(store), Is.EqualTo(new[] { "r9", "r8", "r7" }));
    }

    [Test]
    public async Task Add_FromManyThreadsWhileOthersRead_KeepsItsSums()
    {
        var store = new MemoryTraceStore(maxRecords: 100);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    _ = store.AddAsync([TraceRecords.Of($"{thread}-{i}", i)]);
                    _ = store.ScoreAsync($"{thread}-{i / 2}", new(i % 2, TraceRecords.Noon));
                    _ = store.ListAsync(new() { Limit = 5 }).Result;
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.That(store.Count, Is.EqualTo(100));
        await store.DeleteByUserAsync("acme", "ann");
        Assert.That((store.Count, store.Bytes), Is.EqualTo((0, 0L)));
    }
}
