using LlmKit.Internal.Hedging;
using NUnit.Framework;

namespace LlmKit.Tests.Internal.Hedging;

public sealed class RecentLatencyTests
{
    private readonly RecentLatency _latency = new();

    [Test]
    public void Percentile_TooFewAnswers_IsUnknown()
    {
        Record(RecentLatency.FewestAnswers - 1, 100);

        Assert.That(_latency.Percentile(0.5), Is.Null);
    }

    [TestCase(0.5, 500)]
    [TestCase(0.9, 900)]
    [TestCase(0.99, 990)]
    public void Percentile_AnswersSpreadEvenly_IsAtMostAnEighthTooLate(double part, double expected)
    {
        for (var i = 1; i < 1_000; i++)
            Record(1, i);

        Assert.That(_latency.Percentile(part)!.Value.TotalMilliseconds, Is.InRange(expected, expected * 1.125));
    }

    [TestCase(0)]
    [TestCase(1e12)]
    public void Percentile_LengthsOutsideTheBuckets_AreKeptAtTheirEnds(double milliseconds)
    {
        Record(20, milliseconds);

        Assert.That(_latency.Percentile(0.9), Is.Not.Null);
    }

    [Test]
    public void Percentile_AModelThatBecameSlow_FollowsIt()
    {
        Record(5_000, 100);
        Record(3_000, 2_000);

        Assert.That(_latency.Percentile(0.5)!.Value.TotalMilliseconds, Is.InRange(2_000, 2_250));
    }

    [Test]
    public void Percentile_AskedForAnotherPart_LooksAnew()
    {
        Record(50, 100);
        Record(50, 1_000);

        Assert.That(_latency.Percentile(0.5)!.Value.TotalMilliseconds, Is.InRange(100, 112.5));
        Assert.That(_latency.Percentile(0.9)!.Value.TotalMilliseconds, Is.InRange(1_000, 1_125));
    }

    private void Record(int times, double milliseconds)
    {
        for (var i = 0; i < times; i++)
            _latency.Record(TimeSpan.FromMilliseconds(milliseconds));
    }
}
