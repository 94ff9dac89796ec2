using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class TermDetectorTests
{
    [TestCase("the Blue Falcon project", "Blue Falcon")]
    [TestCase("BLUE FALCON!", "BLUE FALCON")]
    [TestCase("blue falcon nine", "blue falcon nine")]
    [TestCase("关于蓝隼计划", "蓝隼")]
    public void Scan_Term_IsFoundAtItsLongest(string text, string term)
    {
        var detector = TextDetectors.Terms(["blue falcon", "blue falcon nine", "蓝隼"]);

        var found = DetectorAssert.FoundBy(detector, text);

        Assert.That(found, Is.EqualTo(new[] { term }));
    }

    [TestCase("bluefalcon")]
    [TestCase("blue falcons")]
    [TestCase("_blue falcon")]
    public void Scan_PartOfAWord_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Terms(["blue falcon"]), text);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Scan_ThousandsOfTerms_FindsTheOneThatIsThere()
    {
        var detector = TextDetectors.Terms(Enumerable.Range(0, 5000).Select(i => $"codename{i}"));

        var found = DetectorAssert.FoundBy(detector, "about codename4711 and codename47110");

        Assert.That(found, Is.EqualTo(new[] { "codename4711" }));
    }

    [Test]
    public void EarliestOpen_BeginningOfATerm_IsItsStart()
    {
        var open = TextDetectors.Terms(["blue falcon"]).EarliestOpen("the Blue Fa", 0);

        Assert.That(open, Is.EqualTo(4));
    }

    [Test]
    public void Terms_NoTerms_FindNothing()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Terms([]), "anything");

        Assert.That(found, Is.Empty);
    }
}
