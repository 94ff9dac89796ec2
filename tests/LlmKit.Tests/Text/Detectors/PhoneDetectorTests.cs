using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class PhoneDetectorTests
{
    [TestCase("call +44 20 7946 0958 now", "+44 20 7946 0958")]
    [TestCase("BR: +55 11 98456 5666", "+55 11 98456 5666")]
    [TestCase("+1 (415) 555-0132", "+1 (415) 555-0132")]
    [TestCase("at (415) 555-0132.", "(415) 555-0132")]
    [TestCase("415.555.0132", "415.555.0132")]
    [TestCase("my phone: 4155550132", "4155550132")]
    [TestCase("Telefon 030 901820", "030 901820")]
    [TestCase("My CN number is 13812345678", "13812345678")]
    [TestCase("+39 06 678 4343", "+39 06 678 4343")]
    [TestCase("+33 1 23 45 67 89", "+33 1 23 45 67 89")]
    [TestCase("+81 3-1234-5678", "+81 3-1234-5678")]
    [TestCase("+972-9-7625400", "+972-9-7625400")]
    [TestCase("0033 1 23 45 67 89", "0033 1 23 45 67 89")]
    [TestCase("her number is 98765 43210", "98765 43210")]
    [TestCase("%2B1 tel%3A415-555-0132", "415-555-0132")]
    public void Scan_Number_IsFound(string text, string number)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Phone, text);

        Assert.That(found, Is.EqualTo(new[] { number }));
    }

    [TestCase("order 4155550132")]
    [TestCase("order number 2024-1234567")]
    [TestCase("+44 20 1 of 3")]
    [TestCase("0049301234567")]
    [TestCase("192.168.100.1000")]
    [TestCase("2024-11-20 12:30")]
    [TestCase("+999 12345678")]
    [TestCase("3.141592653589793")]
    [TestCase("a+4930901820")]
    public void Scan_OtherNumber_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Phone, text);

        Assert.That(found, Is.Empty);
    }
}
