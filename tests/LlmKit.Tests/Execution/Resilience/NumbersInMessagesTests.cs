using System.Globalization;
using LlmKit.Execution.Resilience;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>Numbers in messages are written as settings are, whatever the machine speaks.</summary>
public sealed class NumbersInMessagesTests
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    [SetUp]
    public void SpeakGerman()
    {
        // As de-DE writes numbers. The tests run without the data of cultures.
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = german;
    }

    [TearDown]
    public void SpeakAsBefore() => CultureInfo.CurrentCulture = _before;

    [Test]
    public void Timeout_PartsOfASecond_AreInvariant() =>
        Assert.That(new LlmTimeoutException(TimeLimit.Attempt, TimeSpan.FromSeconds(0.5), "m").Message, Does.Contain(" 0.5 seconds"));

    [Test]
    public void Validator_Ratio_IsInvariant()
    {
        List<string> failures = [];

        ResilienceOptionsValidator.Validate(new() { FailureRatio = 1.5 }, failures);

        Assert.That(failures.Single(), Does.Contain("'1.5'"));
    }

    [Test]
    public async Task Circuit_PartsOfASecond_AreInvariant()
    {
        using var bench = With(
            Setting.Alone,
            options => (options.MaxRetries, options.MinimumThroughput, options.FailureRatio, options.BreakDuration, options.LastResort) = (0, 1, 0.5, TimeSpan.FromSeconds(1.5), false),
            Fails());
        await bench.FailAsync();

        var refused = await bench.FailAsync();

        Assert.That(refused.Message, Does.Contain(" 1.5 seconds"));
    }
}
