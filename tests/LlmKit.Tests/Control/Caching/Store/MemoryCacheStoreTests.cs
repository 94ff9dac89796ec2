using LlmKit.Control.Caching;
using LlmKit.Internal.Keys;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Store;

public class MemoryCacheStoreTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryCacheStore _store;

    public MemoryCacheStoreTests() => _store = new(_time);

    [Test]
    public async Task Add_MoreThanTheBound_DropsTheOldestFirst()
    {
        for (ulong i = 0; i < 10; i++)
            await AddAsync(i, entries: 3);

        Assert.That(_store.Count, Is.EqualTo(3));
        Assert.That(_store.Evictions, Is.EqualTo(7));
        Assert.That(await FindAsync(9), Is.Not.Null);
        Assert.That(await FindAsync(6), Is.Null);
    }

    [Test]
    public async Task Add_OverTheBound_KeepsWhatWasServed()
    {
        for (ulong i = 0; i < 3; i++)
            await AddAsync(i, entries: 3);
        await FindAsync(0);

        await AddAsync(3, entries: 3);

        Assert.That(await FindAsync(0), Is.Not.Null);
        Assert.That(await FindAsync(1), Is.Null);
    }

    [Test]
    public async Task Add_MoreBytesThanTheBound_DropsUntilTheyFit()
    {
        for (ulong i = 0; i < 10; i++)
            await AddAsync(i, bytes: 10_000, text: new('x', 1_000));

        Assert.That(_store.Bytes, Is.LessThanOrEqualTo(10_000));
        Assert.That(_store.Count, Is.InRange(2, 4));
    }

    [Test]
    public async Task Add_LargerThanTheBound_IsNotStored()
    {
        var stored = await AddAsync(0, bytes: 1_000, text: new('x', 1_000));

        Assert.That(stored, Is.EqualTo("the answer is larger than the cache"));
        Assert.That(_store.Count, Is.Zero);
    }

    [Test]
    public async Task Add_SameKeyAgain_TakesItsPlace()
    {
        await AddAsync(0, text: "old");
        await AddAsync(0, text: "new");

        Assert.That(_store.Count, Is.EqualTo(1));
        Assert.That(_store.Evictions, Is.Zero);
        Assert.That((await _store.FindNearestAsync(default, [1, 0], default)).Count, Is.EqualTo(1));
        Assert.That(_store.Bytes, Is.EqualTo((await FindAsync(0))!.Size));
    }

    [Test]
    public async Task Find_Expired_IsGone()
    {
        await AddAsync(0);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.That(await FindAsync(0), Is.Null);
        Assert.That(_store.Count, Is.Zero);
        Assert.That(_store.Bytes, Is.Zero);
        Assert.That(await _store.FindNearestAsync(default, [1, 0], default), Is.Empty);
    }

    [Test]
    public async Task FindNearest_ManyEntries_GivesTheBestEightInOrder()
    {
        for (ulong i = 0; i < 31; i++)
            await AddAsync((i * 37) % 31, angle: (i * 37) % 31 * 0.1);

        var nearest = await _store.FindNearestAsync(default, [1, 0], default);

        Assert.That(nearest.Select(found => found.Item.Exact.A), Is.EqualTo(Enumerable.Range(0, 8)));
        Assert.That(nearest[0].Similarity, Is.EqualTo(1).Within(1e-3));
    }

    [Test]
    public async Task FindNearest_AfterEvictions_FindsOnlyWhatIsHeld()
    {
        for (ulong i = 0; i < 100; i++)
            await AddAsync(i, entries: 5);

        var nearest = await _store.FindNearestAsync(default, [1, 0], default);

        Assert.That(nearest.Select(found => found.Item.Exact.A), Is.EquivalentTo(new ulong[] { 95, 96, 97, 98, 99 }));
    }

    [Test]
    public async Task AddAndFind_FromManyThreads_StayWithinTheBounds()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (ulong i = 0; i < 500; i++)
            {
                await AddAsync((i + (ulong)worker) % 40, entries: 20, angle: i * 0.01);
                await FindAsync(i % 40);
                await _store.FindNearestAsync(default, [1, 0], default);
            }
        })));

        Assert.That(_store.Count, Is.LessThanOrEqualTo(20));
        Assert.That((await _store.FindNearestAsync(default, [1, 0], default)).Select(found => found.Item.Exact), Is.Unique);
    }

    [Test]
    public async Task Invalidate_ATag_DropsWhatDependsOnIt()
    {
        await AddAsync(0, tags: ["doc:1", "doc:2"]);
        await AddAsync(1, tags: ["doc:2"]);
        await AddAsync(2);

        Assert.That(await _store.InvalidateAsync("doc:1", default), Is.EqualTo(1));
        Assert.That(await FindAsync(0), Is.Null);
        Assert.That(await _store.InvalidateAsync("doc:2", default), Is.EqualTo(1));
        Assert.That(await _store.InvalidateAsync("doc:2", default), Is.Zero);
        Assert.That(await FindAsync(2), Is.Not.Null);
    }

    [Test]
    public async Task Add_InvalidatedSinceItWasBegun_IsNotStored()
    {
        var begun = _store.Generation;
        await _store.InvalidateAsync("doc:1", default);

        Assert.That(await AddAsync(0, tags: ["doc:1"], generation: begun), Is.EqualTo("what the answer depends on was invalidated meanwhile"));
        Assert.That(await AddAsync(1, tags: ["doc:2"], generation: begun), Is.Null);
        Assert.That(await AddAsync(2, tags: ["doc:1"]), Is.Null);
    }

    [Test]
    public async Task Add_ClearedSinceItWasBegun_IsNotStored()
    {
        await AddAsync(0);
        var begun = _store.Generation;

        Assert.That(_store.Clear(), Is.EqualTo(1));
        Assert.That(await AddAsync(1, generation: begun), Is.Not.Null);
        Assert.That(_store.Count, Is.Zero);
        Assert.That(_store.Bytes, Is.Zero);
    }

    [Test]
    public async Task Add_MoreInvalidationsThanAreRemembered_IsNotStoredInDoubt()
    {
        var begun = _store.Generation;
        for (var i = 0; i <= 10_000; i++)
            await _store.InvalidateAsync($"doc:{i}", default);

        Assert.That(await AddAsync(0, tags: ["other"], generation: begun), Is.Not.Null);
        Assert.That(await AddAsync(1, tags: ["other"], generation: begun + 1), Is.Null);
        Assert.That(await AddAsync(2, generation: begun), Is.Null);
    }

    [Test]
    public async Task Add_ByOneWriterBeyondTheirShare_DropsTheirOwnOldest()
    {
        await AddAsync(100, writer: "bob");
        for (ulong i = 0; i < 10; i++)
            await AddAsync(i, writer: "eve", perWriter: 3);

        Assert.That(_store.Count, Is.EqualTo(4));
        Assert.That(await FindAsync(100), Is.Not.Null);
        Assert.That(await FindAsync(9), Is.Not.Null);
        Assert.That(await FindAsync(6), Is.Null);
    }

    [Test]
    public async Task FindNormalised_SpellingsOfOneQuestion_FindTheLatestStored()
    {
        Hash256 spelling = new(7, 7, 7, 7);
        await AddAsync(0, normalised: spelling);
        await AddAsync(1, normalised: spelling);

        Assert.That((await _store.FindNormalisedAsync(spelling, default))!.Exact.A, Is.EqualTo(1));
        await _store.RemoveAsync(new(0, 0, 0, 0), default);
        Assert.That(await _store.FindNormalisedAsync(spelling, default), Is.Not.Null);
        await _store.RemoveAsync(new(1, 0, 0, 0), default);
        Assert.That(await _store.FindNormalisedAsync(spelling, default), Is.Null);
    }

    private ValueTask<CacheEntry?> FindAsync(ulong key) => _store.FindAsync(new(key, 0, 0, 0), default);

    private ValueTask<string?> AddAsync(
        ulong key, int entries = 1_000, long bytes = 1_000_000, string text = "answer", double angle = 0,
        string[]? tags = null, long? generation = null, string? writer = null, int? perWriter = null, Hash256? normalised = null)
    {
        var policy = new CachePolicy(new() { MaxEntries = entries, MaxBytes = bytes, MaxEntriesPerUser = perWriter });
        var recorder = new AnswerRecorder(new(new()));
        recorder.Record(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = ChatFinishReason.Stop });
        var entry = new CacheEntry
        {
            Exact = new(key, 0, 0, 0),
            Normalised = normalised,
            Answer = recorder.Finish("small")!,
            Text = SemanticText.Of([(float)Math.Cos(angle), (float)Math.Sin(angle)], "q"),
            Tags = tags ?? [],
            Writer = writer,
            Stored = _time.GetTimestamp(),
            Life = TimeSpan.FromHours(1),
        };
        return _store.AddAsync(entry, policy, generation ?? _store.Generation, default);
    }
}
