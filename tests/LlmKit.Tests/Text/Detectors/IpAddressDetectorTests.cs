using System.Net;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class IpAddressDetectorTests
{
    [TestCase("from 203.0.113.7.", "203.0.113.7")]
    [TestCase("203.0.113.7:8080", "203.0.113.7")]
    [TestCase("net 198.51.100.0/24, said he", "198.51.100.0/24")]
    [TestCase("198.51.100.0/64", "198.51.100.0")]
    [TestCase("10.1.2.3.4", "10.1.2.3")]
    [TestCase("at 2001:db8::7:", "2001:db8::7")]
    [TestCase("[2001:db8::7]:443", "2001:db8::7")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6")]
    [TestCase("2001:db8:1:2:3:4:5::", "2001:db8:1:2:3:4:5::")]
    [TestCase("::ffff:203.0.113.7", "::ffff:203.0.113.7")]
    [TestCase("fe80::1ff:fe23:4567:890a%eth0", "fe80::1ff:fe23:4567:890a%eth0")]
    [TestCase("2001:db8::/32.", "2001:db8::/32")]
    [TestCase("::1", "::1")]
    [TestCase("x::ffff:203.0.113.7", "203.0.113.7")]
    public void Scan_Address_IsFoundWhole(string text, string address)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.IpAddress, text);

        Assert.That(found, Is.EqualTo(new[] { address }));
    }

    [TestCase("203.0.113")]
    [TestCase("203.0.113.256")]
    [TestCase("version 4.1.2.17")]
    [TestCase("v203.0.113.7")]
    [TestCase("12:30:45")]
    [TestCase("00:1A:2B:3C:4D:5E")]
    [TestCase("std::vector")]
    [TestCase("dead::beef")]
    [TestCase("list[1::2]")]
    [TestCase("1:2:3:4:5:6:7")]
    [TestCase("1:2:3:4:5:6:7:8:9")]
    [TestCase("2001::25de::cade")]
    [TestCase("2001:db8::12345")]
    [TestCase("2001:db8::300.1.1.1")]
    [TestCase("the :: operator")]
    public void Scan_OtherText_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.IpAddress, text);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Scan_AnyAddressAsThePlatformWritesIt_IsFoundWhole() => Prop
        .ForAll(ArbMap.Default.ArbFor<byte>().Generator.ArrayOf(16).ToArbitrary(), bytes =>
        {
            var text = new IPAddress(bytes).ToString();
            var hits = new TextRedactor([TextDetectors.IpAddress], new() { MinScore = DetectionScore.Low }).Find($"({text})");
            return hits.Count == 1 && hits[0].Start == 1 && hits[0].Length == text.Length;
        })
        .QuickCheckThrowOnFailure();
}
