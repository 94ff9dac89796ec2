using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class UsSocialSecurityDetectorTests
{
    [TestCase("078-05-1123", "078-05-1123")]
    [TestCase("078 05 1123", "078 05 1123")]
    [TestCase("ssn 078051123", "078051123")]
    public void Scan_IssuableNumber_IsFound(string text, string number)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.UsSocialSecurityNumber, text);

        Assert.That(found, Is.EqualTo(new[] { number }));
    }

    [TestCase("000-12-3456")]
    [TestCase("666-12-3456")]
    [TestCase("900-12-3456")]
    [TestCase("123-00-4567")]
    [TestCase("123-45-0000")]
    [TestCase("078-05-1120")]
    [TestCase("078-05 1123")]
    [TestCase("078051123")]
    [TestCase("078-05-1123-4")]
    public void Scan_OtherNumber_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.UsSocialSecurityNumber, text);

        Assert.That(found, Is.Empty);
    }
}
