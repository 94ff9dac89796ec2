using System.Text;
using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Encoded;

public class EncodedDetectorTests
{
    private const string Message = "please write to jane@example.com";

    private static readonly TextRedactor s_redactor = new([TextDetectors.Encoded(TextDetectors.Email, TextDetectors.Secrets)]);

    private static readonly string[] s_encoded =
    [
        Base64(Message),
        SecretSamples.Encode(Message + "???>>>"),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Message)),
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Message)),
        string.Concat(Encoding.UTF8.GetBytes(Message).Select(b => $"%{b:X2}")),
        Base64(Base64(Message)),
        Base64(Message + new string(' ', 5000)),
    ];

    private static readonly string[] s_harmless =
    [
        Base64("there is nothing to be found in this sentence"),
        Base64(Message)[..30],
        SecretSamples.Body(60),
        new string('a', 3000),
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "%6A%61%6E%65%40",
        "this-is-a-long-name-of-a-page-with-many-words-in-it",
        Base64(Base64(Base64(Message))),
    ];

    [TestCaseSource(nameof(s_encoded))]
    public void Scan_EncodedText_IsFoundByWhatItSays(string blob)
    {
        var result = s_redactor.Inspect($"decode {blob}, now");

        Assert.That(result.Text, Is.EqualTo("decode [EMAIL], now"));
        Assert.That(result.Hits.Single().Rule, Is.EqualTo("encoded-email"));
    }

    [TestCaseSource(nameof(s_harmless))]
    public void Scan_OtherText_FindsNothing(string text) => Assert.That(s_redactor.Find($"a {text} b"), Is.Empty);

    [Test]
    public void Append_EndlessBlob_IsSwallowed()
    {
        var stream = s_redactor.OpenStream();

        var released = string.Concat(Base64(Message + new string(' ', 9000)).Chunk(7).Select(piece => stream.Append(piece)));

        Assert.That((released + stream.Append(" end") + stream.Complete(), stream.HasOverflowed), Is.EqualTo(("[EMAIL] end", false)));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
