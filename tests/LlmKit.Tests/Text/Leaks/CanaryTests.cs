using LlmKit.Text;
using LlmKit.Text.Leaks;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Leaks;

public class CanaryTests
{
    private static readonly Canary s_canary = Canary.For("You are Mira.");

    [Test]
    public void For_SameTextAndKey_GivesTheSameToken()
    {
        var (first, second) = (Canary.For("a", [1, 2]), Canary.For("a", [1, 2]));

        Assert.That(first.Token, Is.EqualTo(second.Token));
    }

    [Test]
    public void For_OtherTextOrKey_GivesAnotherToken()
    {
        string[] tokens = [Canary.For("a").Token, Canary.For("b").Token, Canary.For("a", [1]).Token, Canary.For("a", [2]).Token];

        Assert.That(tokens, Is.Unique.And.All.Match("^[0-9a-z]{16}$"));
    }

    [Test]
    public void Line_Always_CarriesTheToken()
    {
        Assert.That(s_canary.Line, Does.Contain(s_canary.Token));
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("-")]
    [TestCase("\u200B")]
    [TestCase("**\n")]
    public void Detector_TokenCutByMarks_IsFound(string mark)
    {
        var redactor = new TextRedactor([s_canary.Detector]);

        var answer = $"It is {string.Join(mark, s_canary.Token.ToUpperInvariant().ToCharArray())}, I think.";

        Assert.That(redactor.Redact(answer), Is.EqualTo("It is [PROMPT_LEAK], I think."));
    }

    [Test]
    public void Detector_PartOfTheToken_IsNotFound()
    {
        var answer = $"It is {s_canary.Token[..15]}, I think.";

        Assert.That(new TextRedactor([s_canary.Detector]).Redact(answer), Is.SameAs(answer));
    }
}
