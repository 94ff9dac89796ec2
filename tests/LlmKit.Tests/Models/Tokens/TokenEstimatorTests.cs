using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens;

public sealed class TokenEstimatorTests
{
    [TestCase("", 0)]
    [TestCase(" ", 0)]
    [TestCase("word", 1)]
    [TestCase("two words", 2)]
    [TestCase("12345", 2)]
    [TestCase("a, b", 3)]
    [TestCase("漢字", 2)]
    [TestCase("Straßenbahnhaltestelle", 7)]
    [TestCase("--------------------------------", 1)]
    [TestCase("HTTPServer", 2)]
    public void Estimate_Text_FollowsItsRule(string text, int tokens) =>
        Assert.That(TokenEstimator.Estimate(text), Is.EqualTo(tokens));

    [TestCase("", 0)]
    [TestCase("word", 2)]
    [TestCase("words", 3)]
    [TestCase("é", 2)]
    [TestCase("éééé", 5)]
    [TestCase("漢", 2)]
    [TestCase("😀😀", 5)]
    public void WorstCase_Text_GoesByItsBytes(string text, int tokens) =>
        Assert.That(TokenEstimator.WorstCase(text), Is.EqualTo(tokens));

    [Test]
    public void WorstCase_TextThatGrows_NeverFalls() => Prop.ForAll<NonNull<string>, NonNull<string>>((text, more) =>
        TokenEstimator.WorstCase(text.Get) is >= 0 and var worst && TokenEstimator.WorstCase(text.Get + more.Get) >= worst - (EndsInAHalf(text.Get) ? 1 : 0)).QuickCheckThrowOnFailure();

    [Test]
    public void Estimate_AnyText_IsNeitherNegativeNorBeyondThreeACharacter() => Prop.ForAll<NonNull<string>>(text =>
        TokenEstimator.Estimate(text.Get) >= 0 && TokenEstimator.Estimate(text.Get) <= 3 * text.Get.Length).QuickCheckThrowOnFailure();

    [TestCase("\uD83D")]
    [TestCase("\uDE00")]
    [TestCase("a\uDE00\uD83Db")]
    [TestCase("\0\u0001\uFFFF\uFEFF")]
    public void Estimate_BrokenText_IsCounted(string text)
    {
        Assert.That(TokenEstimator.Estimate(text), Is.InRange(0, 8));
        Assert.That(TokenEstimator.WorstCase(text), Is.InRange(0, 10));
    }

    [TestCase('x')]
    [TestCase('7')]
    [TestCase('漢')]
    [TestCase('%')]
    [TestCase('\n')]
    public void Estimate_HugeRun_IsCounted(char c)
    {
        var text = new string(c, 5_000_000);

        Assert.That(TokenEstimator.Estimate(text), Is.InRange(1, 10_000_000));
        Assert.That(TokenEstimator.WorstCase(text), Is.InRange(2_500_000, 10_000_000));
    }

    private static bool EndsInAHalf(string text) => text.Length > 0 && char.IsHighSurrogate(text[^1]);
}
