using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class AddressDetectorTests
{
    [TestCase("card 00:1A:2B:3C:4D:5E up", "00:1A:2B:3C:4D:5E")]
    [TestCase("00-1a-2b-3c-4d-5e", "00-1a-2b-3c-4d-5e")]
    [TestCase("001a.2b3c.4d5e", "001a.2b3c.4d5e")]
    public void Scan_NetworkCard_IsFound(string text, string address) =>
        Assert.That(DetectorAssert.FoundBy(TextDetectors.MacAddress, text), Is.EqualTo(new[] { address }));

    [TestCase("00:1A:2B:3C:4D")]
    [TestCase("00:1A-2B:3C-4D:5E")]
    [TestCase("00:1A:2B:3C:4D:5G")]
    public void Scan_NoNetworkCard_FindsNothing(string text) =>
        Assert.That(DetectorAssert.FoundBy(TextDetectors.MacAddress, text), Is.Empty);

    [TestCase("see https://example.org/a/b?c=d#e.", "https://example.org/a/b?c=d#e")]
    [TestCase("(http://example.museum)", "http://example.museum")]
    [TestCase("go to example.com/path, or not", "example.com/path")]
    [TestCase("\"https://example.org/\"", "https://example.org/")]
    [TestCase("http://203.0.113.7:8080/x", "http://203.0.113.7:8080/x")]
    public void Scan_Url_IsFoundWithoutThePunctuationBehindIt(string text, string url) =>
        Assert.That(DetectorAssert.FoundBy(TextDetectors.Url, text), Is.EqualTo(new[] { url }));

    [TestCase("http://localhost")]
    [TestCase("www.example")]
    [TestCase("jane@example.com")]
    [TestCase("jane.com@example.org")]
    [TestCase("end.Then")]
    [TestCase("file.txt")]
    public void Scan_NoUrl_FindsNothing(string text) =>
        Assert.That(DetectorAssert.FoundBy(TextDetectors.Url, text), Is.Empty);

    [Test]
    public void Scan_LongUrl_IsFoundUpToItsBound()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Url, "https://example.org/" + new string('a', 2000));

        Assert.That(found.Single(), Has.Length.EqualTo(512));
    }

    [Test]
    public void EarliestOpen_HyphenBeforeAHost_IsHeldWithIt()
    {
        var open = TextDetectors.Url.EarliestOpen("see -example", 0);

        Assert.That(open, Is.EqualTo(4));
    }

    [TestCase("on 2024-03-15T14:30Z", "2024-03-15T14:30Z")]
    [TestCase("on 31.12.1999.", "31.12.1999")]
    [TestCase("on 12/31/99", "12/31/99")]
    [TestCase("born 4-May-2021", "4-May-2021")]
    public void Scan_Date_IsFound(string text, string date) =>
        Assert.That(DetectorAssert.FoundBy(TextDetectors.Date, text), Is.EqualTo(new[] { date }));
}
