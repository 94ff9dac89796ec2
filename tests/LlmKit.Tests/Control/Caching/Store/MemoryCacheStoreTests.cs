using LlmKit.Control.Caching;
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

        Assert.That(stored, Is.False);
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
        for (ulong i = 0; i < 100; i++)
            await AddAsync((i * 37) % 100, angle: (i * 37) % 100 * 0.01);

        var nearest = await _store.FindNearestAsync(default, [1, 0], default);

        Assert.That(nearest.Select(found => found.Entry.Exact.A), Is.EqualTo(Enumerable.Range(0, 8)));
        Assert.That(nearest[0].Similarity, Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public async Task FindNearest_AfterEvictions_FindsOnlyWhatIsHeld()
    {
        for (ulong i = 0; i < 100; i++)
            await AddAsync(i, entries: 5);

        var nearest = await _store.FindNearestAsync(default, [1, 0], default);

        Assert.That(nearest.Select(found => found.Entry.Exact.A), Is.EquivalentTo(new ulong[] { 95, 96, 97, 98, 99 }));
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
        Assert.That((await _store.FindNearestAsync(default, [1, 0], default)).Select(found => found.Entry.Exact), Is.Unique);
    }

    private ValueTask<CacheEntry?> FindAsync(ulong key) => _store.FindAsync(new(key, 0, 0, 0), default);

    private ValueTask<bool> AddAsync(ulong key, int entries = 1_000, long bytes = 1_000_000, string text = "answer", double angle = 0)
    {
        var policy = new CachePolicy(new() { MaxEntries = entries, MaxBytes = bytes });
        var recorder = new AnswerRecorder(new(new()));
        recorder.Record(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = ChatFinishReason.Stop });
        var vector = new[] { (float)Math.Cos(angle), (float)Math.Sin(angle) };
        var entry = new CacheEntry(new(default, new(key, 0, 0, 0), null), recorder.Finish("small")!, new(vector, TextFacets.Of("q")), _time.GetTimestamp(), TimeSpan.FromHours(1));
        return _store.AddAsync(entry, policy, default);
    }
}
