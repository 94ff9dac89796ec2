using NUnit.Framework;

namespace LlmKit.Tests.Checks.Values;

public class AnswerValueTests
{
    [TestCase("Billing.", "billing", true)]
    [TestCase(" two  words\n", "Two words!", true)]
    [TestCase("billing", "bug", false)]
    public void Text_OfTwoAnswers_IsTheSameButForSpelling(string one, string other, bool same) =>
        Assert.That(AnswerValues.Text.Read(one) == AnswerValues.Text.Read(other), Is.EqualTo(same));

    [TestCase("{\"a\":1,\"b\":[2,3]}", "{ \"b\" : [2.0, 3], \"a\" : 1.00 }", true)]
    [TestCase("```json\n{\"a\":1}\n```", "{\"a\":1}", true)]
    [TestCase("{\"b\":[2,3]}", "{\"b\":[3,2]}", false)]
    [TestCase("{\"a\":1e400}", "{\"a\":1e401}", false)]
    public void Json_OfTwoAnswers_IsTheSameWhateverItsSpelling(string one, string other, bool same)
    {
        var value = AnswerValues.Json.Read(one);

        Assert.That(value, Is.Not.Null);
        Assert.That(value == AnswerValues.Json.Read(other), Is.EqualTo(same));
    }

    [TestCase("The total is 1,200.50 euros.", "1200.5")]
    [TestCase("3 + 4 = 7", "7")]
    [TestCase("It is -5.", "-5")]
    [TestCase("10-5", "5")]
    [TestCase("choose 1,2", "2")]
    [TestCase("12,345,678", "12345678")]
    [TestCase("#### 18.00", "18")]
    [TestCase("version 1.2.3", null)]
    [TestCase("none", null)]
    [TestCase("", null)]
    [TestCase("99999999999999999999999999999999999999", null)]
    public void LastNumber_OfAnAnswer_IsOneSpelling(string answer, string? expected) =>
        Assert.That(AnswerValues.LastNumber.Read(answer), Is.EqualTo(expected));

    [TestCase("So 3 + 4 = 7.\n#### 7.00", "7")]
    [TestCase("The answer is 18 dollars.", "18")]
    [TestCase("Answer: (B) because of 3", "B) BECAUSE OF 3")]
    [TestCase("$\\\\boxed{1,200}$", "1200")]
    [TestCase("billing.", "BILLING")]
    public void Result_OfAnAnswer_IsWhatItAnnounces(string answer, string expected) => Assert.That(AnswerValues.Result.Read(answer), Is.EqualTo(expected));

    [TestCase("Answer: B\nAnswer:  c", "C")]
    [TestCase("no answer", null)]
    public void Matching_OfAnAnswer_IsTheLastGroup(string answer, string? expected) =>
        Assert.That(AnswerValues.Matching(@"Answer:\s*(\w)").Read(answer), Is.EqualTo(expected));

    [TestCase("no json")]
    [TestCase("```")]
    [TestCase("```json\n```")]
    public void Json_OfSomethingElse_IsNone(string answer) => Assert.That(AnswerValues.Json.Read(answer), Is.Null);
}
