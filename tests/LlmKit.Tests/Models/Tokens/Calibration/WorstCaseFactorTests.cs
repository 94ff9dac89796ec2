using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens.Calibration;

public sealed class WorstCaseFactorTests
{
    [Test]
    public void Apply_AfterAnyReports_IsNeverBelowTheWorstCase() => Prop.ForAll<(long Worst, long Reported)[]>(reports =>
    {
        var factor = new WorstCaseFactor();
        foreach (var (worst, reported) in reports ?? [])
            factor.Note(worst, reported);

        return factor.Apply(1_000) is >= 1_000 and <= 8_000;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Note_ReportAboveTheWorstCase_RaisesItForTheNext()
    {
        var factor = new WorstCaseFactor();
        factor.Note(1_000, 1_300);

        Assert.That(factor.Apply(1_000), Is.InRange(1_300, 1_700));
    }

    [Test]
    public void Note_OneHugeReport_RaisesItTwofoldAtMost()
    {
        var factor = new WorstCaseFactor();
        factor.Note(1_000, 50_000);

        Assert.That(factor.Apply(1_000), Is.EqualTo(2_000));
    }

    [Test]
    public void Note_AbsurdReports_ChangeNothing()
    {
        var factor = new WorstCaseFactor();
        factor.Note(1_000, long.MaxValue);
        factor.Note(0, 1_000);
        factor.Note(-1, 1_000);

        Assert.That(factor.Apply(1_000), Is.EqualTo(1_000));
    }

    [Test]
    public void Note_ModelThatIsCheapAgain_LetsItSink()
    {
        var factor = new WorstCaseFactor();
        factor.Note(1_000, 1_300);
        for (var i = 0; i < 10_000; i++)
            factor.Note(1_000, 500);

        Assert.That(factor.Apply(1_000), Is.InRange(1_000, 1_001));
    }

    [Test]
    public void Apply_ModelThatScattersAboveTheWorstCase_IsExceededByFewerThanOneInAHundred()
    {
        var factor = new WorstCaseFactor();
        var random = new Random(3);
        var exceeded = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var real = 800 + random.Next(800);
            if (factor.Apply(1_000) < real)
                exceeded++;
            factor.Note(1_000, real);
        }

        Assert.That(exceeded, Is.LessThan(100));
    }
}
