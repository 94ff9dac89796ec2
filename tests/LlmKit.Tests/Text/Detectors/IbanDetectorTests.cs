using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class IbanDetectorTests
{
    [TestCase("DE89370400440532013000")]
    [TestCase("DE89 3704 0044 0532 0130 00")]
    [TestCase("GB29-NWBK-6016-1331-9268-19")]
    [TestCase("NO93 8601 1117 947")]
    [TestCase("MT84MALT011000012345MTLCAST001S")]
    [TestCase("SC18 SSCB 1101 0000 0000 0000 1497 USD")]
    public void Scan_ValidNumber_IsFoundWithoutTheWordBehindIt(string number)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Iban, $"pay to {number} AND SO ON");

        Assert.That(found, Is.EqualTo(new[] { number }));
    }

    [TestCase("DE89370400440532013001", TestName = "IBAN with a wrong checksum")]
    [TestCase("DE8937040044053201300", TestName = "IBAN too short")]
    [TestCase("DE893704004405320130001", TestName = "IBAN too long")]
    [TestCase("DE89A70400440532013000", TestName = "IBAN of a wrong structure")]
    [TestCase("LV80 bANK 0000 4351 9500 1", TestName = "IBAN in mixed case")]
    [TestCase("QQ89370400440532013000", TestName = "IBAN of no country")]
    public void Scan_OtherText_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Iban, text);

        Assert.That(found, Is.Empty);
    }
}
