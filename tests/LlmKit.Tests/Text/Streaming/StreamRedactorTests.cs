using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Streaming;

public class StreamRedactorTests
{
    private static readonly TextRedactor s_all = new([.. TextDetectors.PersonalData, TextDetectors.Secrets]);

    [Test]
    public void Append_Prose_IsHeldBackByNoMoreThanItsLastWord()
    {
        var stream = s_all.OpenStream();

        var released = stream.Append("The quick brown fox jum");

        Assert.That(released, Is.EqualTo("The quick brown fox "));
    }

    [Test]
    public void Append_ProseWithABlankAtItsEnd_IsReleasedWhole()
    {
        var stream = s_all.OpenStream();

        var released = stream.Append("It was in 2024 that they met. ");

        Assert.That(released, Is.EqualTo("It was in 2024 that they met. "));
    }

    [Test]
    public void Append_HalfAnAddress_IsHeldUntilItIsDecided()
    {
        var stream = s_all.OpenStream();
        var first = stream.Append("to jane@exam");

        var second = stream.Append("ple.com and");

        Assert.That((first, second), Is.EqualTo(("to ", "[EMAIL] ")));
    }

    [Test]
    public void Complete_AddressAtTheEnd_IsRedacted()
    {
        var stream = s_all.OpenStream();
        stream.Append("to jane@example.com");

        var released = stream.Complete();

        Assert.That(released, Is.EqualTo("[EMAIL]"));
    }

    [Test]
    public void Append_NotCompleted_NeverReleasesTheTail()
    {
        var stream = s_all.OpenStream();

        var released = stream.Append("key " + SecretSamples.GitHub[..20]);

        Assert.That(released, Is.EqualTo("key "));
    }

    [Test]
    public void Append_HugePrivateKey_IsSwallowedInLittleMemory()
    {
        var stream = s_all.OpenStream();
        stream.Append(SecretSamples.Dashes("BEGIN PRIVATE KEY") + "\n");
        var most = 0;
        for (var line = 0; line < 1000; line++)
        {
            Assert.That(stream.Append(SecretSamples.Body(64) + "\n"), Is.Empty);
            most = Math.Max(most, stream.Held);
        }

        var released = stream.Append(SecretSamples.Dashes("END PRIVATE KEY") + " done ") + stream.Complete();

        Assert.That((released, most < 256), Is.EqualTo(("[SECRET] done ", true)));
    }

    [Test]
    public void Complete_PrivateKeyWithoutItsEnd_ReleasesThePlaceholder()
    {
        var stream = s_all.OpenStream();
        var first = stream.Append("Here: " + SecretSamples.PrivateKey[..140]);

        var last = stream.Complete();

        Assert.That(first + last, Is.EqualTo("Here: [SECRET]"));
    }

    [Test]
    public void Append_SurrogatePairCutInTwo_IsReleasedWhole()
    {
        var stream = s_all.OpenStream();
        var first = stream.Append("fine \uD83D");

        var second = stream.Append("\uDE00 day ");

        Assert.That((first, second), Is.EqualTo(("fine ", "\uD83D\uDE00 day ")));
    }

    [Test]
    public void Hits_AfterAMatch_CountFromTheBeginningOfTheStream()
    {
        var stream = s_all.OpenStream();
        foreach (var word in Enumerable.Repeat("word ", 200))
            stream.Append(word);
        stream.Append("jane@example.com ");

        Assert.That(stream.Hits.Single(), Is.EqualTo(new TextHit("email", "EMAIL", 1000, 16, DetectionScore.High)));
    }

    [Test]
    public void Append_OverflowUnderRedact_RemovesTheHeldTextToTheNextBlank()
    {
        var stream = Overflowing(HoldbackOverflow.Redact).OpenStream();

        var released = stream.Append("go " + new string('a', 500)) + stream.Append("aaa then ") + stream.Complete();

        Assert.That(released, Is.EqualTo("go [REDACTED] then "));
    }

    [Test]
    public void Append_OverflowUnderBlock_ReleasesNothingMore()
    {
        var stream = Overflowing(HoldbackOverflow.Block).OpenStream();

        var released = stream.Append("go " + new string('a', 500)) + stream.Append(" then ") + stream.Complete();

        Assert.That((released, stream.IsBlocked), Is.EqualTo(("go ", true)));
    }

    [Test]
    public void Append_OverflowUnderRelease_LetsTheTextPass()
    {
        var stream = Overflowing(HoldbackOverflow.Release).OpenStream();

        var released = stream.Append("go " + new string('a', 500)) + stream.Append(" then ") + stream.Complete();

        Assert.That(released, Is.EqualTo("go " + new string('a', 500) + " then "));
    }

    [Test]
    public void Append_AStoppingMatchBehindAWordThatIsStillHeld_IsNotLostWithIt()
    {
        var redactor = TextRedactor.Of([new(TextDetectors.Secrets, null), new(TextDetectors.Url, RedactionStyle.Label), new(TextDetectors.Exfiltration(), null), new(TextDetectors.Email, RedactionStyle.Label)], new());
        const string Text = "s://app:hunter2@db.example.com/x\"and more";
        var stream = redactor.OpenStream();

        var released = string.Concat(Text.Select(letter => stream.Append([letter]))) + stream.Complete();

        Assert.That((stream.StoppedBy?.Start, released), Is.EqualTo(((int?)redactor.Examine(Text).Stopping[0].Start, "s://app:")));
    }

    [Test]
    public void Append_AfterComplete_IsRefused()
    {
        var stream = s_all.OpenStream();
        stream.Complete();

        Assert.That(() => stream.Append("x"), Throws.InvalidOperationException);
    }

    private static TextRedactor Overflowing(HoldbackOverflow policy) => new(
        [TextDetectors.Terms([new string('a', 600)])],
        new TextRedactorOptions { MaxHoldback = 128, OnOverflow = policy });

    [Test]
    public void Append_MatchesLongerThanTheHoldThatBeginAlike_AreNumberedAsInTheWhole()
    {
        var redactor = new TextRedactor([TextDetectors.Secrets], new() { Style = RedactionStyle.Placeholder, MaxHoldback = TextRedactorOptions.LeastMaxHoldback });
        var begin = SecretSamples.Dashes("BEGIN PRIVATE KEY") + "\n" + SecretSamples.Body(64) + "\n" + SecretSamples.Body(64);
        var text = string.Join(' ', ((string[])["AAAA", "BBBB", "AAAA"]).Select(last => begin + last + SecretSamples.Dashes("END PRIVATE KEY")));
        var stream = redactor.OpenStream();

        var released = string.Concat(text.Select(c => stream.Append(c.ToString()))) + stream.Complete();

        Assert.That((redactor.Redact(text), released), Is.EqualTo(("[SECRET_1] [SECRET_2] [SECRET_1]", "[SECRET_1] [SECRET_2] [SECRET_1]")));
    }
}
