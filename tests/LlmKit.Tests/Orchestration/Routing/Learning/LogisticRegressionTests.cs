using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Learning.Features;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

public sealed class LogisticRegressionTests
{
    private static readonly FeatureVector s_constant = new([0], [1]);

    [Test]
    public void Fit_AConstantAlone_GivesTheShareOfTheTrue()
    {
        var examples = Enumerable.Range(0, 1_000).Select(index => (s_constant, index % 10 < 7, 1.0)).ToList();

        Assert.That(ProbabilityOf(examples), Is.EqualTo(0.7).Within(0.005));
    }

    [Test]
    public void Fit_Weights_CountAsSoManyExamples()
    {
        var examples = Enumerable.Range(0, 1_000).Select(index => (s_constant, index % 2 == 0, index % 2 == 0 ? 3.0 : 1.0)).ToList();

        Assert.That(ProbabilityOf(examples), Is.EqualTo(0.75).Within(0.005));
    }

    [Test]
    public void Fit_AFeatureThatTells_GetsTheLargerWeight()
    {
        var chance = new Random(4);
        var examples = Enumerable.Range(0, 500).Select(index => (new FeatureVector([0, 1], [index % 2, (float)chance.NextDouble()]), index % 2 == 1, 1.0)).ToList();

        var weights = LogisticRegression.Fit(examples, 2, trust: 1);

        Assert.That(weights[0], Is.GreaterThan(3));
        Assert.That(Math.Abs(weights[1]), Is.LessThan(weights[0]));
    }

    [Test]
    public void Fit_LittleTrust_KeepsWeightsSmall()
    {
        var examples = Enumerable.Range(0, 100).Select(_ => (s_constant, true, 1.0)).ToList();

        Assert.That(LogisticRegression.Fit(examples, 1, trust: 1e-4)[0], Is.InRange(0, 0.01));
    }

    [Test]
    public void Fit_NoExample_KnowsNothing() => Assert.That(LogisticRegression.Fit([], 1, trust: 1), Is.EqualTo(new float[1]));

    private static double ProbabilityOf(List<(FeatureVector, bool, double)> examples) =>
        LogisticRegression.Probability(s_constant.Dot(LogisticRegression.Fit(examples, 1, trust: 10)));
}
