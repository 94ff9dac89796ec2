using LlmKit.Orchestration.Routing.Dispatching;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Dispatching;

public class WeightedChoiceTests
{
    [Test]
    public void Order_ManyTimes_DrawsFirstPlacesByWeightWithinOnePoint()
    {
        var choice = new WeightedChoice(seed: 1);

        var shares = Enumerable.Range(0, 100_000).Select(_ => choice.Order([7, 2, 1])[0]).CountBy(index => index).ToDictionary();

        Assert.That((shares[0] / 1e5, shares[1] / 1e5, shares[2] / 1e5), Is.EqualTo((0.7, 0.2, 0.1)).Within(0.01));
    }

    [Test]
    public void Order_WhenTheFirstDropsOut_LeavesItsShareToTheOthersByWeight()
    {
        var choice = new WeightedChoice(seed: 1);

        var seconds = Enumerable.Range(0, 20_000).Select(_ => choice.Order([6, 3, 1])).Where(order => order[0] == 0).Select(order => order[1]).ToList();

        Assert.That(seconds.Count(index => index == 1) / (double)seconds.Count, Is.EqualTo(0.75).Within(0.02));
    }

    [Test]
    public void Order_WithWeightsOfNothing_PutsThemLastInOrder() =>
        Assert.That(new WeightedChoice(seed: 1).Order([0, 0, 5, 0]), Is.EqualTo(new[] { 2, 0, 1, 3 }));

    [Test]
    public void Order_WithEnormousWeights_StaysAnOrder() =>
        Assert.That(new WeightedChoice(seed: 1).Order([double.MaxValue, double.MaxValue, double.Epsilon]), Is.EquivalentTo(new[] { 0, 1, 2 }));
}
