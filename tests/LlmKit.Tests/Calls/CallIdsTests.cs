using LlmKit.Calls;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class CallIdsTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Test]
    public void New_AnyTime_IsAUuidOfVersion7ThatHoldsIt()
    {
        var id = Guid.ParseExact(CallIds.New(At), "n");

        Assert.That((id.Version, id.Variant & 0b1100), Is.EqualTo((7, 0b1000)));
        Assert.That(Milliseconds(id), Is.EqualTo(At.ToUnixTimeMilliseconds()));
    }

    [Test]
    public void New_WithinOneMillisecond_SortsByTime()
    {
        // 500 nanoseconds apart.
        var ids = Enumerable.Range(0, 1_999).Select(i => CallIds.New(At.AddTicks(i * 5))).ToList();

        Assert.That(ids, Is.Ordered.Using<string>(StringComparer.Ordinal));
        Assert.That(Milliseconds(Guid.ParseExact(ids[^1], "n")), Is.EqualTo(At.ToUnixTimeMilliseconds()));
    }

    [Test]
    public void New_AtOneTimeOnManyThreads_GivesNoneTwice()
    {
        var ids = new string[20_000];

        Parallel.For(0, ids.Length, i => ids[i] = CallIds.New(At));

        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void New_BeforeTheEpoch_IsOfTheEpoch() =>
        Assert.That(Milliseconds(Guid.ParseExact(CallIds.New(DateTimeOffset.MinValue), "n")), Is.Zero);

    private static long Milliseconds(Guid id) => Convert.ToInt64(id.ToString("n")[..12], 16);
}
