using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models;

public sealed class TokenCounterTests
{
    [Test]
    public void Add_AnyChunking_EqualsTheWhole() => Prop.ForAll<string, int[]>((text, cuts) =>
    {
        text ??= "";
        var whole = default(TokenCounter);
        whole.Add(text);
        var pieces = default(TokenCounter);
        var from = 0;
        foreach (var cut in (cuts ?? []).Select(cut => Math.Abs(cut % (text.Length + 1))).Append(text.Length).Order())
        {
            pieces.Add(text.AsSpan(from, cut - from));
            from = cut;
        }

        return pieces.Total == whole.Total;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Estimate_AnyText_IsWithinItsWorstCaseOfProse() => Prop.ForAll<NonNull<string>>(text =>
        TokenEstimator.Estimate(text.Get) >= 0 && TokenEstimator.WorstCase(text.Get) >= 0).QuickCheckThrowOnFailure();

    [TestCase("", 0)]
    [TestCase("word", 1)]
    [TestCase("words", 2)]
    [TestCase("two words", 3)]
    [TestCase("12345", 2)]
    [TestCase("a, b", 3)]
    [TestCase("漢字", 2)]
    [TestCase("да", 1)]
    public void Estimate_Text_FollowsItsRule(string text, int tokens) =>
        Assert.That(TokenEstimator.Estimate(text), Is.EqualTo(tokens));

    [TestCase("", 0)]
    [TestCase("word", 2)]
    [TestCase("words", 3)]
    [TestCase("漢", 2)]
    public void WorstCase_Text_IsHalfItsBytes(string text, int tokens) =>
        Assert.That(TokenEstimator.WorstCase(text), Is.EqualTo(tokens));
}
