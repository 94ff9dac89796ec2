using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Streaming;

/// <summary>A match that begins inside one without an upper length and goes on behind its end is taken out to its own end.</summary>
public class CrossingMatchTests
{
    private static readonly TextRedactor s_all = new(
        [.. TextDetectors.PersonalData, TextDetectors.Secrets, TextDetectors.Terms(["blue falcon"]), TextDetectors.Exfiltration("ok.test"), TextDetectors.HiddenText]);

    private static readonly string s_key = SecretSamples.Dashes("BEGIN PRIVATE KEY") + "\n" + SecretSamples.Body(70) + "\n";
    private static readonly string s_image = "![x](https://evil.test/" + SecretSamples.Body(650);

    private static readonly string s_tags = ("<img '".PadRight(98, 'a') + "<img alt='").PadRight(799, 'b') + ">" + new string('c', 150) + "> end";

    private static readonly TestCaseData[] s_texts =
    [
        new TestCaseData(s_key + SecretSamples.OpenAi + " end", "[SECRET] end").SetArgDisplayNames("a token in the body of a private key"),
        new TestCaseData(s_key + SecretSamples.OpenAi + "\n" + SecretSamples.GitHub + " end", "[SECRET]\n[SECRET] end").SetArgDisplayNames("a token behind a crossing one"),
        new TestCaseData(s_key + "jane@example.com end", "[SECRET] end").SetArgDisplayNames("a mail address in the body of a private key"),
        new TestCaseData(s_image + "/4012 8888 8888 1881 end", "x end").SetArgDisplayNames("a card in the address of an image"),
        new TestCaseData(s_image + "/blue falcon end", "x end").SetArgDisplayNames("a term in the address of an image"),
        new TestCaseData(s_image + "/4012 8888 8888 1881-blue falcon end", "x-[TERM] end").SetArgDisplayNames("a term behind a crossing card"),
        new TestCaseData(s_tags, " end").SetArgDisplayNames("a tag without an end in another, which the first bracket ends"),
    ];

    [TestCaseSource(nameof(s_texts))]
    public void Redact_AMatchThatCrossesTheEndOfALongOne_IsTakenOutToItsOwnEnd(string text, string expected)
    {
        var redacted = s_all.Redact(text);

        Assert.That(redacted, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(s_texts))]
    public void Append_AMatchThatCrossesTheEndOfALongOneInAnyTwoPieces_IsTakenOutToItsOwnEnd(string text, string expected)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var stream = s_all.OpenStream();

            var released = stream.Append(text[..cut]) + stream.Append(text[cut..]) + stream.Complete();

            Assert.That(released, Is.EqualTo(expected), $"cut at {cut}");
        }
    }

    [TestCaseSource(nameof(s_texts))]
    public void Append_AMatchThatCrossesTheEndOfALongOneInSingleCharacters_IsTakenOutToItsOwnEnd(string text, string expected)
    {
        var stream = s_all.OpenStream();

        var released = string.Concat(text.Select(letter => stream.Append([letter]))) + stream.Complete();

        Assert.That(released, Is.EqualTo(expected));
    }

    [Test]
    public void Append_AMatchThatStopsInsideALongOne_StopsTheTextWhereverItIsCut()
    {
        var redactor = TextRedactor.Of([new(TextDetectors.Exfiltration(), RedactionStyle.Label), new(TextDetectors.Terms(["falcon"]), null)], new());
        var text = s_image + "/falcon/" + SecretSamples.Body(20) + " end";
        var stop = redactor.Examine(text).Stopping.Single().Start;
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var stream = redactor.OpenStream();

            var released = stream.Append(text[..cut]) + stream.Append(text[cut..]) + stream.Complete();

            Assert.That((released, stream.StoppedBy?.Start), Is.EqualTo(("x", (int?)stop)), $"cut at {cut}");
        }
    }
}
