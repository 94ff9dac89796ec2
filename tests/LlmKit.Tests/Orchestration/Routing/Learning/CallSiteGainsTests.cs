using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Policies;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

public sealed class CallSiteGainsTests
{
    private static readonly CallSiteGains s_gains = CallSiteGains.Fit([.. Examples("easy", 30, weak: 1, strong: 1), .. Examples("hard", 10, weak: 0, strong: 1)]);

    [Test]
    public void Of_ASite_IsItsMeanDrawnTowardsThatOfAll()
    {
        // All: strong 1, weak 0.75. Easy: weak (30 + 7.5) / 40. Hard: weak (0 + 7.5) / 20.
        Assert.That(s_gains.Overall, Is.EqualTo(0.25).Within(1e-12));
        Assert.That(s_gains.Of("easy"), Is.EqualTo(0.0625).Within(1e-12));
        Assert.That(s_gains.Of("hard"), Is.EqualTo(0.625).Within(1e-12));
    }

    [TestCase("unheard of")]
    [TestCase(null)]
    public void Of_AnUnknownSite_IsTheGainOfAll(string? site) => Assert.That(s_gains.Of(site), Is.EqualTo(s_gains.Overall));

    [Test]
    public void Fit_OneSidedExamples_CountByTheirPropensity()
    {
        var gains = CallSiteGains.Fit(
        [
            new RoutingExample("a") { Weak = 0, Propensity = 0.9 }, new RoutingExample("b") { Weak = 1, Propensity = 0.1 },
            new RoutingExample("c") { Strong = 1, Propensity = 0.1 },
        ]);

        Assert.That(gains.Overall, Is.EqualTo(1 - (10 / (10 + (1 / 0.9)))).Within(1e-12));
    }

    [Test]
    public void Fit_WithoutScoresOfBoth_IsRefused() =>
        Assert.That(() => CallSiteGains.Fit([new RoutingExample("a") { Weak = 1 }]), Throws.ArgumentException.With.Message.Contains("strong"));

    [Test]
    public void Version_OfOtherGains_IsAnother()
    {
        var same = CallSiteGains.Fit([.. Examples("hard", 10, weak: 0, strong: 1), .. Examples("easy", 30, weak: 1, strong: 1)]);
        var other = CallSiteGains.Fit(Examples("easy", 30, weak: 1, strong: 1));

        Assert.That((same.Version, other.Version), Is.EqualTo((s_gains.Version, other.Version)));
        Assert.That(other.Version, Is.Not.EqualTo(s_gains.Version));
    }

    [TestCase("easy", "weak")]
    [TestCase("hard", "strong")]
    [TestCase("unheard of", "weak")]
    public void Choose_ByTheSitesGain_AsksTheStrongModelFromTheThresholdOn(string feature, string model)
    {
        var choice = RoutingPolicies.CallSite("weak", "strong", s_gains, 0.3).Choose(new([new("weak"), new("strong")]) { Feature = feature });

        Assert.That((choice.Model, choice.Score, choice.Threshold), Is.EqualTo((model, (double?)s_gains.Of(feature), (double?)0.3)));
    }

    private static IEnumerable<RoutingExample> Examples(string site, int count, double weak, double strong) =>
        Enumerable.Range(0, count).Select(_ => new RoutingExample("prompt") { CallSite = site, Weak = weak, Strong = strong });
}
