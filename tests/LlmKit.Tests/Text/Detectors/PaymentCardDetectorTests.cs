using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class PaymentCardDetectorTests
{
    [TestCase("4012888888881881")]
    [TestCase("4012-8888-8888-1881")]
    [TestCase("4012 8888 8888 1881")]
    [TestCase("4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1")]
    [TestCase("371449635398431")]
    [TestCase("3714 496353 98431")]
    [TestCase("5555555555554444")]
    [TestCase("3528000700000000")]
    [TestCase("122000000000003")]
    [TestCase("5019717010103742")]
    [TestCase("30569309025904")]
    public void Scan_ValidNumber_IsFound(string number)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.PaymentCard, $"the card {number}, thanks");

        Assert.That(found, Is.EqualTo(new[] { number }));
    }

    [TestCase("4012888888881882", TestName = "wrong checksum")]
    [TestCase("0000000000000000", TestName = "all digits equal")]
    [TestCase("36168002586008", TestName = "wrong checksum of another issuer")]
    [TestCase("1700000000000", TestName = "milliseconds since 1970")]
    [TestCase("94012888888881881", TestName = "inside a longer run")]
    [TestCase("401288888888188123456", TestName = "head of a longer run")]
    [TestCase("x4012888888881881", TestName = "behind a letter")]
    [TestCase("0.4012888888881881", TestName = "decimals")]
    [TestCase("٤٠١٢٨٨٨٨٨٨٨٨١٨٨١", TestName = "digits of another script")]
    public void Scan_OtherNumber_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.PaymentCard, text);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Scan_SeveralNumbersInARow_FindsEach()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.PaymentCard, "4012888888881881 4012-8888-8888-1881 4012 8888 8888 1881");

        Assert.That(found, Has.Length.EqualTo(3));
    }

    [Test]
    public void EarliestOpen_YearAtTheEnd_HoldsNothing()
    {
        var open = TextDetectors.PaymentCard.EarliestOpen("back in 2024 ", 0);

        Assert.That(open, Is.EqualTo(13));
    }
}
