using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Learning.Features;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

public sealed class EquationsTests
{
    [TestCase("so 3 x 60 = 180 metres", 1, 0)]
    [TestCase("so 3 x 60 = 190 metres", 0, 1)]
    [TestCase("<<3*60=180>>180 and <<180*3=550>>", 1, 1)]
    [TestCase("5,000 * 2.5% = $125.", 1, 0)]
    [TestCase("$3 + $4.50 = $7.50", 1, 0)]
    [TestCase("(2 + 3) * 4 = 20", 1, 0)]
    [TestCase("10 / 3 = 3.33", 1, 0)]
    [TestCase("7 − 9 = -2", 1, 0)]
    [TestCase("8 ÷ 2 × 3 = 12", 1, 0)]
    [TestCase("x = 4", 0, 0)]
    [TestCase("the total = 12", 0, 0)]
    [TestCase("12 = 12", 0, 0)]
    [TestCase("4 / 0 = 4", 0, 0)]
    [TestCase("1 + = 2", 0, 0)]
    [TestCase("1 + 2 =", 0, 0)]
    [TestCase("= = = =", 0, 0)]
    public void In_SumsInWords_AreChecked(string text, int right, int wrong) => Assert.That(Equations.In(text), Is.EqualTo(new Equations(right, wrong)));

    [Test]
    public void Of_ADraftWithAFault_IsMoreSuspiciousThanOneWithout()
    {
        const string prompt = "He runs 3 sprints of 60 metres. How many metres?";
        var good = DraftSuspicion.Of(prompt, "3 x 60 = 180.\nThe answer is 180.");

        Assert.That(DraftSuspicion.Of(prompt, "3 x 60 = 170.\nThe answer is 170."), Is.GreaterThan(good));
        Assert.That(DraftSuspicion.Of(prompt, "3 x 60 = 180.\nThe answer is 180, because he"), Is.GreaterThan(good));
        Assert.That(DraftSuspicion.Of(prompt, "3 x 60 = 180 and some"), Is.GreaterThan(good));
    }
}
