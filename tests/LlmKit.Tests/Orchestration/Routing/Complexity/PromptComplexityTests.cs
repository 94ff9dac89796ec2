using LlmKit.Orchestration.Routing.Complexity;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Complexity;

public sealed class PromptComplexityTests
{
    [TestCase("12 of them", "12 % them")]
    [TestCase("the sentence", "a theorem xx")]
    [TestCase("THE SENTENCE", "A THEOREM XX")]
    [TestCase("we may agree", "we must agree")]
    public void Of_AWordOrMarkThatTellsOfWork_IsHarder(string plain, string hard) =>
        Assert.That(PromptComplexity.Of(hard), Is.GreaterThan(PromptComplexity.Of(plain) + 0.01));

    [Test]
    public void Of_MarksAndWordsOfConstraints_CountFourTogether() =>
        Assert.That(PromptComplexity.Of("% % % % must"), Is.EqualTo(PromptComplexity.Of("% % % % mist")));
}
