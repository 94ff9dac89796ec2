using LlmKit.Internal;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public sealed class TwoCountWindowTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Test]
    public void AddAndRead_EventsInOrderAndLate_GiveWhatAListOfThemGives([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var window = new TwoCountWindow(_time);
        var start = _time.GetTimestamp();
        var events = new List<(long Tenth, bool Second)>();
        for (var i = 0; i < 400; i++)
        {
            Advance(random, start);
            // Who looked at the clock first need not come first.
            var at = random.Next(3) == 0 ? Math.Max(start, _time.GetTimestamp() - random.Next((int)(2 * TimeSpan.TicksPerSecond))) : _time.GetTimestamp();
            var tenth = (at - start) / TimeSpan.TicksPerSecond;
            // What stood in the tenth's place ten of them ago has made room.
            events.RemoveAll(known => known.Tenth < tenth && (tenth - known.Tenth) % 10 == 0);
            var (isRead, second) = (random.Next(4) == 0, random.Next(2) == 0);
            if (!isRead)
                events.Add((tenth, second));

            var sums = isRead ? window.Read(Length, at) : window.Add(second, Length, at);

            var counted = events.Where(known => known.Tenth > tenth - 10).ToList();
            Assert.That(sums, Is.EqualTo((counted.Count(known => !known.Second), counted.Count(known => known.Second))), $"event {i}");
        }
    }

    [Test]
    public void Add_AnotherLength_StartsAnew()
    {
        var window = new TwoCountWindow(_time);
        window.Add(second: false, Length, _time.GetTimestamp());

        Assert.That(window.Add(second: true, Length * 2, _time.GetTimestamp()), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Clear_WithinATenth_ForgetsAll()
    {
        var window = new TwoCountWindow(_time);
        window.Add(second: false, Length, _time.GetTimestamp());

        window.Clear();

        Assert.That(window.Add(second: true, Length, _time.GetTimestamp()), Is.EqualTo((0, 1)));
    }

    /// <summary>Mostly a little; now and then to just before or at a tenth's end, over some of them, or past the whole window.</summary>
    private void Advance(Random random, long start) => _time.Advance(random.Next(6) switch
    {
        0 => TimeSpan.FromMilliseconds(random.Next(2_500)),
        1 => TimeSpan.FromTicks(TimeSpan.TicksPerSecond - ((_time.GetTimestamp() - start) % TimeSpan.TicksPerSecond) - random.Next(2)),
        2 when random.Next(20) == 0 => TimeSpan.FromSeconds(random.Next(30)),
        _ => TimeSpan.FromTicks(random.Next(1_000)),
    });
}
