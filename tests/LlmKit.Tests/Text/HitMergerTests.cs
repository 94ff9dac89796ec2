using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text;

public class HitMergerTests
{
    [Test]
    public void Merge_Overlap_TakesTheHighestScore()
    {
        var merged = Merge(Hit("long", 0, 20, DetectionScore.Medium), Hit("sure", 5, 5, DetectionScore.High));

        Assert.That(merged, Is.EqualTo(new[] { "sure" }));
    }

    [Test]
    public void Merge_EqualScore_TakesTheLongest()
    {
        var merged = Merge(Hit("short", 0, 6, DetectionScore.High), Hit("long", 4, 9, DetectionScore.High));

        Assert.That(merged, Is.EqualTo(new[] { "long" }));
    }

    [Test]
    public void Merge_EqualLength_TakesTheEarliest()
    {
        var merged = Merge(Hit("late", 4, 6, DetectionScore.High), Hit("early", 0, 6, DetectionScore.High));

        Assert.That(merged, Is.EqualTo(new[] { "early" }));
    }

    [Test]
    public void Merge_Touching_KeepsBothInOrder()
    {
        var merged = Merge(Hit("second", 6, 6, DetectionScore.High), Hit("first", 0, 6, DetectionScore.Low));

        Assert.That(merged, Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public void Merge_Chain_IsOneInTheNameOfTheStrongest()
    {
        var merged = Merge(
            Hit("a", 0, 5, DetectionScore.Low), Hit("b", 3, 5, DetectionScore.Medium), Hit("c", 6, 5, DetectionScore.High));

        Assert.That(merged, Is.EqualTo(new[] { "c" }));
    }

    [Test]
    public void Merge_AnyOrder_GivesTheSame([Range(0, 5)] int order)
    {
        TextHit[] hits = [Hit("a", 0, 9, DetectionScore.Medium), Hit("b", 3, 9, DetectionScore.Medium), Hit("c", 6, 5, DetectionScore.Low)];

        var merged = Merge(hits[order % 3], hits[(order + 1 + (order / 3)) % 3], hits[(order + 2 - (order / 3)) % 3]);

        Assert.That(merged, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Merge_Overlap_CoversAllOfBoth()
    {
        List<TextHit> hits = [Hit("long", 2, 10, DetectionScore.Medium), Hit("sure", 8, 9, DetectionScore.High), Hit("apart", 30, 2, DetectionScore.High)];

        HitMerger.Merge(hits);

        Assert.That(hits.Select(hit => (hit.Start, hit.End)), Is.EqualTo(new[] { (2, 17), (30, 32) }));
    }

    private static TextHit Hit(string rule, int start, int length, DetectionScore score) => new(rule, "X", start, length, score);

    private static string[] Merge(params TextHit[] hits)
    {
        var list = hits.ToList();
        HitMerger.Merge(list);
        return [.. list.Select(hit => hit.Rule)];
    }
}
