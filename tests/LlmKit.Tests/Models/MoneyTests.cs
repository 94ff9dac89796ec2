using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models;

public sealed class MoneyTests
{
    [TestCase("0.0000000000005", "0.000000000001")]
    [TestCase("0.0000000000004", "0")]
    [TestCase("-0.0000000000005", "-0.000000000001")]
    [TestCase("1.23", "1.23")]
    public void FromUsd_Amount_IsRoundedToTheNearestHalvesAwayFromZero(string usd, string money) =>
        Assert.That(Money.FromUsd(Decimal(usd)).ToUsd(), Is.EqualTo(Decimal(money)));

    [TestCase("1000000000000000", true)]
    [TestCase("1000000000000001", false)]
    [TestCase("-1000000000000001", false)]
    public void FromUsd_GreatAmount_IsBounded(string usd, bool accepted) =>
        Assert.That(() => Money.FromUsd(Decimal(usd)), accepted ? Throws.Nothing : Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Arithmetic_AnyAmounts_IsExact() => Prop.ForAll<int, int>((left, right) =>
    {
        var (a, b) = (left / 10_000m, right / 10_000m);
        return (Money.FromUsd(a) + Money.FromUsd(b) - Money.FromUsd(b)).ToUsd() == a
            && (Money.FromUsd(a) * right).ToUsd() == a * right
            && Money.FromUsd(a) < Money.FromUsd(b) == (a < b)
            && Money.FromUsd(a) >= Money.FromUsd(b) == (a >= b)
            && Money.FromUsd(a).CompareTo(Money.FromUsd(b)) == a.CompareTo(b);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void ToString_Amount_IsInvariant() => Assert.That(Money.FromUsd(1234.50m).ToString(), Is.EqualTo("1234.5 USD"));

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
