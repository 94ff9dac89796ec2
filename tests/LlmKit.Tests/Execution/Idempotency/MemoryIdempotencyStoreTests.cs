using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

public sealed class MemoryIdempotencyStoreTests
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private readonly ManualTimeProvider _clock = new();
    private readonly IdempotencyOptions _options = new() { MaxEntries = 3, MaxBytes = 5_000 };

    [Test]
    public async Task Save_MoreThanTheBound_DropsTheOldest()
    {
        var store = Store();

        foreach (var key in new[] { "a", "b", "c", "d" })
            await store.SaveAsync(key, [1], Window, default);

        Assert.That(store.Count, Is.EqualTo(3));
        Assert.That((await store.FindAsync("a", default), await store.FindAsync("d", default)), Is.EqualTo((default(byte[]), new byte[] { 1 })));
    }

    [Test]
    public async Task Save_LargerThanTheBoundTogether_DropsTheOldest()
    {
        var store = Store();

        await store.SaveAsync("a", new byte[3_000], Window, default);
        await store.SaveAsync("b", new byte[3_000], Window, default);

        Assert.That((await store.FindAsync("a", default), (await store.FindAsync("b", default))?.Length), Is.EqualTo((default(byte[]), 3_000)));
    }

    [Test]
    public async Task Save_LargerThanTheBoundAlone_IsNotKeptAndDrivesNoOtherOut()
    {
        var store = Store();
        await store.SaveAsync("b", [1], Window, default);
        await store.SaveAsync("a", [2], Window, default);

        await store.SaveAsync("a", new byte[6_000], Window, default);

        Assert.That(await store.FindAsync("a", default), Is.Null);
        Assert.That(await store.FindAsync("b", default), Is.Not.Null);
    }

    [Test]
    public async Task Find_WindowIsOver_FindsNothing()
    {
        var store = Store();
        await store.SaveAsync("a", [1], Window, default);

        _clock.Advance(Window);

        Assert.That(await store.FindAsync("a", default), Is.Null);
        Assert.That(store.Count, Is.Zero);
    }

    [Test]
    public async Task Save_ExpiredOnes_MakeRoomBeforeOthers()
    {
        var store = Store();
        await store.SaveAsync("old", [1], TimeSpan.FromMinutes(1), default);
        _clock.Advance(TimeSpan.FromMinutes(2));

        foreach (var key in new[] { "a", "b", "c" })
            await store.SaveAsync(key, [1], Window, default);

        Assert.That(await store.FindAsync("a", default), Is.Not.Null);
    }

    [Test]
    public async Task Save_KeyThatIsKept_TakesItsPlace()
    {
        var store = Store();
        await store.SaveAsync("a", [1], Window, default);

        await store.SaveAsync("a", [2], Window, default);

        Assert.That((store.Count, (await store.FindAsync("a", default))![0]), Is.EqualTo((1, 2)));
    }

    private MemoryIdempotencyStore Store() => new(() => new(_options), _clock);
}
