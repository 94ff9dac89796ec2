using FsCheck;
using FsCheck.Fluent;
using LlmKit.Benchmarks.Tokens;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens.Scanning;

public sealed class TokenScanTests
{
    [Test]
    public void Add_AnyChunking_EqualsTheWhole() => Prop.ForAll<string, int[]>((text, cuts) =>
        IsTheSameInPieces(text ?? "", cuts ?? [])).QuickCheckThrowOnFailure();

    [Test]
    public void Add_TextOfTheCorpusInAnyChunking_EqualsTheWhole() => Prop.ForAll<int, int[]>((at, cuts) =>
        IsTheSameInPieces(TokenCorpus.Texts[Math.Abs(at % TokenCorpus.Texts.Count)].Text, cuts ?? [])).QuickCheckThrowOnFailure();

    [Test]
    public void Add_TextOfTheCorpusCharByChar_EqualsTheWholeByKind()
    {
        foreach (var text in TokenCorpus.Texts)
        {
            var whole = default(TokenScan);
            whole.Add(text.Text);
            var pieces = default(TokenScan);
            foreach (var c in text.Text)
                pieces.Add([c]);

            var (expected, mix) = (whole.Mix, pieces.Mix);
            Assert.That(mix[..].ToArray(), Is.EqualTo(expected[..].ToArray()), text.Kind);
        }
    }

    [Test]
    public void EndText_BetweenTexts_KeepsThemApart()
    {
        var scan = default(TokenScan);
        scan.Add("some");
        scan.EndText();
        scan.Add("thing");
        scan.EndText();

        Assert.That(scan.Total, Is.EqualTo(TokenEstimator.Estimate("some") + TokenEstimator.Estimate("thing")));
    }

    [Test]
    public void EndText_AfterEachOfManyTexts_GivesTheSumOfTheirEstimates()
    {
        var scan = default(TokenScan);
        var sum = 0L;
        foreach (var text in TokenCorpus.Texts)
        {
            scan.Add(text.Text);
            scan.EndText();
            sum += TokenEstimator.Estimate(text.Text);

            Assert.That(scan.Total, Is.EqualTo(sum), text.Kind);
        }
    }

    [TestCase("hello there", nameof(TokenKind.Words))]
    [TestCase("przyszłość", nameof(TokenKind.ForeignWords))]
    [TestCase("nghiệp", nameof(TokenKind.Vietnamese))]
    [TestCase("{}[]();12", nameof(TokenKind.Marks))]
    [TestCase("漢字かな", nameof(TokenKind.Ideographs))]
    [TestCase("한국어", nameof(TokenKind.Hangul))]
    [TestCase("привет", nameof(TokenKind.Cyrillic))]
    [TestCase("καλημέρα", nameof(TokenKind.Greek))]
    [TestCase("שלום", nameof(TokenKind.Semitic))]
    [TestCase("नमस्ते", nameof(TokenKind.Devanagari))]
    [TestCase("வணக்கம்", nameof(TokenKind.Indic))]
    [TestCase("สวัสดี", nameof(TokenKind.Thai))]
    public void Mix_Text_IsOfItsKind(string text, string kind)
    {
        var scan = default(TokenScan);
        scan.Add(text);

        var mix = scan.Mix;
        Assert.That(mix[(int)Enum.Parse<TokenKind>(kind)], Is.GreaterThan(0).And.EqualTo(mix.Sum));
    }

    private static bool IsTheSameInPieces(string text, int[] cuts)
    {
        var whole = default(TokenScan);
        whole.Add(text);
        var pieces = default(TokenScan);
        var from = 0;
        foreach (var cut in cuts.Select(cut => Math.Abs(cut % (text.Length + 1))).Append(text.Length).Order())
        {
            pieces.Add(text.AsSpan(from, cut - from));
            from = cut;
        }

        return pieces.Total == whole.Total;
    }
}
