using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Failures;

[Parallelizable(ParallelScope.All)]
public sealed class RateLimitResetsTests
{
    private static readonly TimeProvider Noon = new FrozenTimeProvider(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    [TestCase("x-ratelimit-reset-requests", "1s", 1.0)]
    [TestCase("x-ratelimit-reset-requests", "350ms", 0.35)]
    [TestCase("x-ratelimit-reset-tokens", "6m0s", 360.0)]
    [TestCase("x-ratelimit-reset-tokens", "1h2m3.5s", 3723.5)]
    [TestCase("x-ratelimit-reset-tokens", "1d", 86400.0)]
    [TestCase("x-ratelimit-reset-tokens", "30d", 2_592_000.0)]
    [TestCase("x-ratelimit-reset", "12", 12.0)]
    [TestCase("x-ratelimit-reset", "1773144030", 30.0)]
    [TestCase("x-ratelimit-reset", "1773144030500", 30.5)]
    [TestCase("anthropic-ratelimit-requests-reset", "2026-03-10T12:00:30Z", 30.0)]
    [TestCase("anthropic-ratelimit-input-tokens-reset", "2026-03-10T12:00:30.25Z", 30.25)]
    [TestCase("anthropic-ratelimit-output-tokens-reset", "2026-03-10T13:00:30+01:00", 30.0)]
    [TestCase("anthropic-priority-input-tokens-reset", "2026-03-10T12:00:30Z", 30.0)]
    [TestCase("anthropic-priority-output-tokens-reset", "2026-03-10T12:00:30Z", 30.0)]
    public void Read_OneLimit_IsTheWaitUntilItBeginsAnew(string name, string value, double seconds) =>
        Assert.That(Wait((name, value)), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("")]
    [TestCase("soon")]
    [TestCase("s")]
    [TestCase("6x")]
    [TestCase("6m0")]
    [TestCase("1.2.3s")]
    [TestCase("-5s")]
    [TestCase("99999999999999999999999999s")]
    [TestCase("79228162514264337593543950335h")]
    [TestCase("9999999999999999999999999")]
    [TestCase("30d1us")]
    [TestCase("9000h")]
    [TestCase("2592001")]
    [TestCase("999999999")]
    [TestCase("1775736001")]
    [TestCase("2726899200000")]
    [TestCase("2056-03-10T12:00:00Z")]
    [TestCase("2026-03-10T11:59:59Z")]
    [TestCase("2026-99-10T12:00:00Z")]
    [TestCase("1773143999")]
    public void Read_GarbagePastOrBeyondBelief_IsNull(string value) => Assert.That(Wait(("x-ratelimit-reset-tokens", value)), Is.Null);

    [Test]
    public void Read_SeveralLimits_TheLatestThatNothingIsLeftOfDecides() => Assert.That(
        Wait(
            ("x-ratelimit-reset-requests", "2s"), ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-tokens", "5s"), ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset", "90"), ("x-ratelimit-remaining", "17")),
        Is.EqualTo(TimeSpan.FromSeconds(5)));

    [TestCase("input")]
    [TestCase("output")]
    public void Read_NothingIsLeftOfAPriorityLimit_ItDecides(string tokens) => Assert.That(
        Wait(
            ("anthropic-ratelimit-tokens-reset", "2026-03-10T12:00:10Z"), ("anthropic-ratelimit-tokens-remaining", "500"),
            ($"anthropic-priority-{tokens}-tokens-reset", "2026-03-10T12:00:40Z"), ($"anthropic-priority-{tokens}-tokens-remaining", "0")),
        Is.EqualTo(TimeSpan.FromSeconds(40)));

    [Test]
    public void Read_ExhaustedLimitBeyondBelief_LeavesItToTheOthers() => Assert.That(
        Wait(
            ("x-ratelimit-reset-requests", "999999999"), ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-tokens", "5s"), ("x-ratelimit-remaining-tokens", "10")),
        Is.EqualTo(TimeSpan.FromSeconds(5)));

    [Test]
    public void Read_SomethingIsLeftOfAll_TheEarliestDecides() => Assert.That(
        Wait(
            ("anthropic-ratelimit-requests-reset", "2026-03-10T12:01:00Z"), ("anthropic-ratelimit-requests-remaining", "9"),
            ("anthropic-ratelimit-tokens-reset", "2026-03-10T12:00:10Z"), ("anthropic-ratelimit-tokens-remaining", "500")),
        Is.EqualTo(TimeSpan.FromSeconds(10)));

    [Test]
    public void Read_RetryAfterIsThere_Wins() =>
        Assert.That(Wait(("retry-after", "3"), ("x-ratelimit-reset-tokens", "6m0s")), Is.EqualTo(TimeSpan.FromSeconds(3)));

    [TestCase(500)]
    [TestCase(503)]
    public void Read_AnotherFailureThanALimit_IsNotAboutTheLimits(int status) =>
        Assert.That(Wait(status, ("x-ratelimit-reset-tokens", "6m0s"), ("x-ratelimit-remaining-tokens", "0")), Is.Null);

    private static TimeSpan? Wait(params (string Name, string Value)[] headers) => Wait(429, headers);

    private static TimeSpan? Wait(int status, params (string Name, string Value)[] headers) =>
        RetryAfter.Read(status, name => headers.FirstOrDefault(header => header.Name == name).Value, Noon);
}
