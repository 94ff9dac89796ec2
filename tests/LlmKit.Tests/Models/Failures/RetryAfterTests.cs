using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Failures;

[Parallelizable(ParallelScope.All)]
public sealed class RetryAfterTests
{
    private static readonly TimeProvider Noon = new FrozenTimeProvider(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    [TestCase("7", 7.0)]
    [TestCase("0", 0.0)]
    [TestCase(" 12 ", 12.0)]
    [TestCase("1.5", 1.5)]
    [TestCase("Tue, 10 Mar 2026 12:00:30 GMT", 30.0)]
    [TestCase("Tuesday, 10-Mar-26 12:00:30 GMT", 30.0)]
    [TestCase("Tue, 10 Mar 2026 12:00:00 GMT", 0.0)]
    [TestCase("2592000", 2_592_000.0)]
    [TestCase("Thu, 09 Apr 2026 12:00:00 GMT", 2_592_000.0)]
    public void Parse_ReadableRetryAfter_IsTheWait(string header, double seconds)
    {
        var wait = RetryAfter.Parse(header, null, Noon);

        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("soon")]
    [TestCase("-5")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("1e3")]
    [TestCase("1,5")]
    [TestCase("2592000.001")]
    [TestCase("900000000000")]
    [TestCase("99999999999999999999")]
    [TestCase("9999999999999999999999999999999999999999")]
    [TestCase("Tue, 10 Mar 2026 11:59:59 GMT")]
    [TestCase("Thu, 09 Apr 2026 12:00:01 GMT")]
    [TestCase("Fri, 10 Mar 2056 12:00:00 GMT")]
    [TestCase("Tue, 99 Mar 2026 12:00:30 GMT")]
    public void Parse_GarbagePastOrBeyondBelief_IsNull(string? header)
    {
        var wait = RetryAfter.Parse(header, null, Noon);

        Assert.That(wait, Is.Null);
    }

    [Test]
    public void Parse_Milliseconds_WinOverSeconds()
    {
        var wait = RetryAfter.Parse("2", "1250", Noon);

        Assert.That(wait, Is.EqualTo(TimeSpan.FromMilliseconds(1250)));
    }

    [TestCase("-1")]
    [TestCase("later")]
    [TestCase("2592000001")]
    [TestCase("922337203685477")]
    [TestCase("Tue, 10 Mar 2026 12:00:30 GMT")]
    public void Parse_UnreadableMilliseconds_FallBackToSeconds(string milliseconds)
    {
        var wait = RetryAfter.Parse("2", milliseconds, Noon);

        Assert.That(wait, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void Parse_WithoutAClock_Throws() =>
        Assert.That(() => RetryAfter.Parse("1", null, null!), Throws.ArgumentNullException);
}
