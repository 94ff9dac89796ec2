using FsCheck;
using FsCheck.Fluent;
using LlmKit.Benchmarks.Tokens;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens.Calibration;

public sealed class TokenCalibrationTests
{
    private static readonly TokenMix English = Mix((TokenKind.Words, 900), (TokenKind.Marks, 100));
    private static readonly TokenMix Thai = Mix((TokenKind.Thai, 900), (TokenKind.Marks, 100));

    [Test]
    public void Correct_AfterAnyReports_IsWithinItsBounds() => Prop.ForAll<(int Words, int Marks, long Reported)[]>(reports =>
    {
        var calibration = new TokenCalibration();
        foreach (var (words, marks, reported) in reports ?? [])
            calibration.Learn(Mix((TokenKind.Words, Math.Abs((long)words)), (TokenKind.Marks, Math.Abs((long)marks)), (TokenKind.Frame, 1)), reported);

        return calibration.Correct(English) is >= 200 and <= 8_000;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Correct_ModelOfAnotherTokenizer_FollowsItByKind()
    {
        var calibration = new TokenCalibration();
        for (var i = 0; i < 25; i++)
        {
            calibration.Learn(English, 1_100);
            calibration.Learn(Thai, 4_000);
        }

        Assert.That(calibration.Correct(English), Is.InRange(1_080, 1_120));
        Assert.That(calibration.Correct(Thai), Is.InRange(3_900, 4_100));
    }

    [Test]
    public void Correct_ModelThatCountsAsWeDo_StaysAsItIsToTheToken()
    {
        var calibration = new TokenCalibration();
        var requests = TokenCorpus.Texts.Select((text, i) => new RequestFacts([text.Text, TokenCorpus.Texts[i * 7 % TokenCorpus.Texts.Count].Text]).Scan()).ToList();
        for (var round = 0; round < 3; round++)
            requests.ForEach(mix => calibration.Learn(mix, TokenMix.Tokens(mix.Sum)));

        foreach (var mix in requests)
            Assert.That(calibration.Correct(mix), Is.EqualTo(TokenMix.Tokens(mix.Sum)));
    }

    [Test]
    public void Correct_ModelThatChanges_FollowsIt()
    {
        var calibration = Taught(1_000, times: 300);
        for (var i = 0; i < 1_000; i++)
        {
            if (calibration.Note(2_000, 1_400))
                calibration.Learn(English, 1_400);
        }

        Assert.That(calibration.Correct(English), Is.InRange(1_330, 1_470));
    }

    [TestCase(0L)]
    [TestCase(-5L)]
    [TestCase(long.MinValue)]
    [TestCase(10L)]
    [TestCase(1_000_000L)]
    [TestCase(long.MaxValue)]
    public void Correct_ReportThatCannotBe_IsNotBelieved(long nonsense)
    {
        var calibration = Taught(1_100, times: 20);
        var before = calibration.Correct(English);
        for (var i = 0; i < 100; i++)
            calibration.Learn(English, nonsense);

        Assert.That(calibration.Correct(English), Is.EqualTo(before));
    }

    [Test]
    public void Correct_OneOddReport_IsHardlyMoved()
    {
        var calibration = Taught(1_100, times: 256);
        calibration.Learn(English, 9_000);

        Assert.That(calibration.Correct(English), Is.InRange(1_080, 1_130));
    }

    [Test]
    public void Note_FirstCalls_AreLessonsAndLaterOnesSeldom()
    {
        var calibration = new TokenCalibration();
        var lessons = Enumerable.Range(0, 6_400).Count(_ =>
        {
            var isLesson = calibration.Note(2_000, 1_000);
            if (isLesson)
                calibration.Learn(English, 1_000);
            return isLesson;
        });

        Assert.That(lessons, Is.EqualTo(256 + (6_400 - 256) / 128));
    }

    [Test]
    public void Learn_ByManyThreads_StaysTrue()
    {
        var calibration = new TokenCalibration();

        Parallel.For(0, 20_000, i =>
        {
            if (calibration.Note(i % 2 == 0 ? 2_000 : 1_500, 2_000))
                calibration.Learn(i % 2 == 0 ? English : Thai, i % 2 == 0 ? 1_200 : 2_000);
            if (calibration.Correct(English) is < 200 or > 8_000 || calibration.WorstCase(1_000) is < 1_000 or > 8_000)
                throw new InvalidOperationException("A factor was torn.");
        });

        Assert.That(calibration.Correct(English), Is.InRange(1_140, 1_260));
        Assert.That(calibration.Correct(Thai), Is.InRange(1_900, 2_100));
    }

    private static TokenCalibration Taught(long reported, int times)
    {
        var calibration = new TokenCalibration();
        for (var i = 0; i < times; i++)
            calibration.Learn(English, reported);
        return calibration;
    }

    private static TokenMix Mix(params ReadOnlySpan<(TokenKind Kind, long Tokens)> parts)
    {
        var mix = default(TokenMix);
        foreach (var (kind, tokens) in parts)
            mix.Add(kind, tokens * TokenMix.Unit);
        return mix;
    }
}
