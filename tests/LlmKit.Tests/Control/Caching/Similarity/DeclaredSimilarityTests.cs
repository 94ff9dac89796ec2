using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Similarity;

public sealed class DeclaredSimilarityTests
{
    [TestCase(0)]
    [TestCase(-0.5)]
    [TestCase(1.01)]
    [TestCase(double.NaN)]
    public void Constructor_ImpossibleCosine_IsRefused(double similarity)
    {
        Assert.That(() => new DeclaredSimilarity(similarity), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new DeclaredSimilarity(0.9) with { MinSimilarity = similarity }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Constructor_ACosine_IsKept()
    {
        var declared = new DeclaredSimilarity(0.9) { IgnoresWordOrder = true, Basis = "1,000 pairs." };

        Assert.That((declared.MinSimilarity, declared.IgnoresWordOrder, declared.Basis), Is.EqualTo((0.9, true, "1,000 pairs.")));
    }
}
