using LlmKit.Tests.Text.Detectors;
using LlmKit.Text;
using LlmKit.Text.Locales;
using LlmKit.Text.Locales.Checksums;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Locales;

public class IdentifierTests
{
    [TestCase("MK-####", "see MK-1234.", "MK-1234")]
    [TestCase("MK~####", "mk 1234", "mk 1234")]
    [TestCase("MK~####", "MK1234", "MK1234")]
    [TestCase("@{2,3}#{2}", "ABC12", "ABC12")]
    [TestCase("(AB|C)#(X|YZ)?", "AB1YZ", "AB1YZ")]
    [TestCase("[A-CX][0-4]", "X3", "X3")]
    [TestCase("**-**", "a1-2b", "a1-2b")]
    [TestCase(@"\#\(##\)", "#(12)", "#(12)")]
    [TestCase("##( ##)?", "12 34", "12 34")]
    [TestCase("#{3}", "id%20123", "123")]
    public void Identifier_Pattern_MatchesAtItsLongest(string pattern, string text, string match) =>
        Assert.That(DetectorAssert.FoundBy(Telling(pattern), text), Is.EqualTo(new[] { match }));

    [TestCase("####", "12345")]
    [TestCase("####", "a1234")]
    [TestCase("####", "1234_")]
    [TestCase("####", "1.1234")]
    [TestCase("####", "1234-5")]
    [TestCase("[A-C]#", "D1")]
    [TestCase("#", "٣")]
    public void Identifier_OtherText_IsNotMatched(string pattern, string text) =>
        Assert.That(DetectorAssert.FoundBy(Telling(pattern), text), Is.Empty);

    [TestCase("(##")]
    [TestCase("##)")]
    [TestCase("[]#")]
    [TestCase("[9-0]")]
    [TestCase("#{2")]
    [TestCase("#{0}")]
    [TestCase("#{3,2}")]
    [TestCase("?#")]
    [TestCase("#?")]
    [TestCase("")]
    [TestCase("é#")]
    [TestCase("(#{32}){2}#")]
    public void Identifier_MalformedPattern_IsRefusedByName(string pattern) =>
        Assert.That(() => Telling(pattern), Throws.ArgumentException.With.Message.Contains($"'{pattern}'"));

    [Test]
    public void Identifier_Check_GetsLettersInUpperCaseAndDigitsAlone()
    {
        var seen = string.Empty;
        var detector = TextDetectors.Identifier("X", new IdentifierRule("@@-## ##") { Score = DetectionScore.High, Check = value => (seen = value.ToString()).Length == 6 });

        DetectorAssert.FoundBy(detector, "ab-12 34");

        Assert.That(seen, Is.EqualTo("AB1234"));
    }

    [TestCase("member 4821", true)]
    [TestCase("Members: 4821", true)]
    [TestCase("remember 4821", false)]
    [TestCase("id 4821", true)]
    [TestCase("ideal 4821", false)]
    [TestCase("会员 4821", true)]
    [TestCase("a member of this very long and tedious sentence 4821", false)]
    public void Identifier_WordBefore_LiftsTheScore(string text, bool isFound)
    {
        var detector = TextDetectors.Identifier("X", new IdentifierRule("####") { Context = ["member", "id", "会员"] });

        Assert.That(DetectorAssert.FoundBy(detector, text), Has.Length.EqualTo(isFound ? 1 : 0));
    }

    [Test]
    public void Identifier_SeveralRules_TheSurestWinsThenTheLongest()
    {
        var detector = TextDetectors.Identifier(
            "MEMBER_ID", new IdentifierRule("####") { Score = DetectionScore.Medium }, new IdentifierRule("####-@@") { Score = DetectionScore.Medium });

        Assert.That(new TextRedactor([detector]).Redact("1234-ab"), Is.EqualTo("[MEMBER_ID]"));
    }

    [Test]
    public void Identifier_WithoutDigits_IsFound() =>
        Assert.That(DetectorAssert.FoundBy(TextDetectors.Identifier("X", new IdentifierRule("[A-Z]{4}-[A-Z]{4}") { IsCaseSensitive = true, Score = DetectionScore.High }), "KEYS-ARES keys-ares"), Is.EqualTo(new[] { "KEYS-ARES" }));

    [Test]
    public void Identifier_NoRules_IsRefused() =>
        Assert.That(() => TextDetectors.Identifier("X"), Throws.ArgumentException.With.Message.Contains("'X'"));

    [TestCase("4012888888881881", true)]
    [TestCase("4012888888881882", false)]
    [TestCase("0000000000", false)]
    [TestCase("40A2", false)]
    [TestCase("", false)]
    public void Luhn_Digits_AreChecked(string value, bool holds) => Assert.That(Checksum.Luhn(value), Is.EqualTo(holds));

    [TestCase("2363", true)]
    [TestCase("2364", false)]
    [TestCase("", false)]
    public void Verhoeff_Digits_AreChecked(string value, bool holds) => Assert.That(Checksum.Verhoeff(value), Is.EqualTo(holds));

    [TestCase("794", "44", true)]
    [TestCase("794", "45", false)]
    public void Mod97_Digits_AreChecked(string value, string check, bool holds) => Assert.That(Checksum.Mod97(value + check), Is.EqualTo(holds));

    [TestCase("07945", true)]
    [TestCase("07946", false)]
    public void Mod11Mod10_Digits_AreChecked(string value, bool holds) => Assert.That(Checksum.Mod11Mod10(value), Is.EqualTo(holds));

    [TestCase("9434765919", true)]
    [TestCase("9434765918", false)]
    [TestCase("943476591", false)]
    [TestCase("943476591X", false)]
    public void Weighted_Digits_AreChecked(string value, bool holds) =>
        Assert.That(Checksum.Weighted(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)(value), Is.EqualTo(holds));

    private static ISpanDetector Telling(string pattern) => TextDetectors.Identifier("X", new IdentifierRule(pattern) { Score = DetectionScore.Medium });
}
