using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Detectors;

public class CryptoAddressDetectorTests
{
    [TestCase(CryptoSamples.KeyHash)]
    [TestCase("3P14159f73E4gFr7JterCCQh9QjiTjiZrG")]
    [TestCase(CryptoSamples.Segwit)]
    [TestCase("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")]
    [TestCase("bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3")]
    [TestCase(CryptoSamples.Taproot)]
    [TestCase(CryptoSamples.Ethereum)]
    [TestCase("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [TestCase("0x52908400098527886E0F7030069857D2E4169EE7")]
    [TestCase("0xde709f2102306220921060314715629080e2fb77")]
    public void Scan_Address_IsFound(string address)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.CryptoAddress, $"send it to {address}, please");

        Assert.That(found, Is.EqualTo(new[] { address }));
    }

    [TestCase("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", TestName = "wrong checksum in base 58")]
    [TestCase("11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", TestName = "one zero too many")]
    [TestCase("x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", TestName = "behind a letter")]
    [TestCase("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", TestName = "wrong checksum in base 32")]
    [TestCase("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8F3t4", TestName = "mixed case in base 32")]
    [TestCase("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", TestName = "version 1 with the checksum of version 0")]
    [TestCase("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", TestName = "wrong case")]
    [TestCase("0xde709f2102306220921060314715629080e2fb7700", TestName = "too many hexadecimal digits")]
    [TestCase("8f953371d3e85eddb89b05ed6b9e680791055315c73e1025ab5dba7bb2aee189", TestName = "a hash")]
    public void Scan_OtherText_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.CryptoAddress, text);

        Assert.That(found, Is.Empty);
    }
}
