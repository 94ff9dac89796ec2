using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class EmailDetectorTests
{
    [TestCase("write to jane.doe+tag@mail.example.com, please", "jane.doe+tag@mail.example.com")]
    [TestCase("<jane@example.org>.", "jane@example.org")]
    [TestCase("see...jane@example.org", "jane@example.org")]
    [TestCase("user@xn--80ak6aa92e.com today", "user@xn--80ak6aa92e.com")]
    [TestCase("grüße@bücher.example", "grüße@bücher.example")]
    [TestCase("jane@example.com.", "jane@example.com")]
    [TestCase("请写信给jane@example.com谢谢", "jane@example.com")]
    [TestCase("jane@example.c0m.net", "jane@example.c0m.net")]
    public void Scan_Address_IsFoundWhole(string text, string address)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Email, text);

        Assert.That(found, Is.EqualTo(new[] { address }));
    }

    [TestCase("user@localhost")]
    [TestCase("jane@example.")]
    [TestCase("icon@2x.png")]
    [TestCase("left-pad@1.3.0")]
    [TestCase("jane.@example.com")]
    [TestCase("jane@-example")]
    [TestCase("@example.com")]
    [TestCase("postgres://app:secret@db.example.com/x")]
    public void Scan_NoAddress_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Email, text);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Scan_LocalPartOver64Characters_FindsNothing()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Email, new string('a', 65) + "@example.com");

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void EarliestOpen_WordAtTheEnd_IsItsStart()
    {
        var open = TextDetectors.Email.EarliestOpen("hello jane", 0);

        Assert.That(open, Is.EqualTo(6));
    }

    [Test]
    public void EarliestOpen_BlankAtTheEnd_IsTheLength()
    {
        var open = TextDetectors.Email.EarliestOpen("hello jane ", 0);

        Assert.That(open, Is.EqualTo(11));
    }
}
