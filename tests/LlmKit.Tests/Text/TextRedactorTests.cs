using LlmKit.Tests.Support;
using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text;

public class TextRedactorTests
{
    private static readonly TextRedactor s_all = new([.. TextDetectors.PersonalData, TextDetectors.Secrets]);

    [Test]
    public void Redact_NothingFound_ReturnsTheSameReference()
    {
        var text = string.Concat("Nothing to see here, ", "move along; 42 reasons and 3.14 more.");

        var redacted = s_all.Redact(text);

        Assert.That(redacted, Is.SameAs(text));
    }

    [Test]
    public void Redact_NothingFound_AllocatesNothing()
    {
        var text = "The meeting of 12 May 2024 was secret; see https://example.com/a?b=1 or ask @jane. key: sk-short";

        Assert.That(Allocated.By(() => s_all.Redact(text)), Is.Zero);
    }

    [Test]
    public void Redact_SeveralKinds_PutsLabelsInTheirPlaces()
    {
        var redacted = s_all.Redact("Mail jane@example.com, card 4012 8888 8888 1881, key " + SecretSamples.GitHub + ".");

        Assert.That(redacted, Is.EqualTo("Mail [EMAIL], card [CARD], key [SECRET]."));
    }

    [Test]
    public void Redact_MaskStyle_TellsNeitherKindNorLength()
    {
        var redactor = new TextRedactor([TextDetectors.Email], new TextRedactorOptions { Style = RedactionStyle.Mask });

        var redacted = redactor.Redact("to jane@example.com");

        Assert.That(redacted, Is.EqualTo("to ****"));
    }

    [Test]
    public void Redact_CustomStyle_IsGivenTheMatchAndItsText()
    {
        var style = RedactionStyle.Custom((hit, value) => $"<{hit.Rule}:{value.Length}>");
        var redactor = new TextRedactor([TextDetectors.Email], new TextRedactorOptions { Style = style });

        var redacted = redactor.Redact("to jane@example.com");

        Assert.That(redacted, Is.EqualTo("to <email:16>"));
    }

    [Test]
    public void Redact_LowScore_NeedsALowerThreshold()
    {
        var lenient = new TextRedactor([TextDetectors.Phone], new TextRedactorOptions { MinScore = DetectionScore.Low });

        var redacted = lenient.Redact("order 4155550132");

        Assert.That(redacted, Is.EqualTo("order [PHONE]"));
    }

    [Test]
    public void Inspect_Match_TellsWhereItWas()
    {
        var hits = s_all.Inspect("to jane@example.com").Hits;

        Assert.That(hits, Is.EqualTo(new[] { new TextHit("email", "EMAIL", 3, 16, DetectionScore.High) }));
    }

    [Test]
    public void Hit_AsText_HoldsNothingOfTheMatch()
    {
        var hit = s_all.Find("to jane@example.com").Single();

        Assert.That(hit.ToString(), Does.Not.Contain("jane"));
    }

    [Test]
    public void Constructor_HoldTooShort_IsRefused()
    {
        var options = new TextRedactorOptions { MaxHoldback = 127 };

        Assert.That(() => new TextRedactor([], options), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static readonly string[] s_hostile =
        ["a", "a.", "a-", ".", "@", "a@", "1-", "1 ", "4", "eyJ", "eyJ.", "eyJ-", "sk-", "![", "-----BEGIN ", "://", "a://b:c@", ":", "(", "+1", "secret ", "\u200B"];

    [TestCaseSource(nameof(s_hostile))]
    [NonParallelizable]
    public void Find_HostileText_TakesTimeInProportion(string seed)
    {
        var text = string.Concat(Enumerable.Repeat(seed, 200_000 / seed.Length));
        s_all.Find(text.AsSpan(0, 20_000));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        s_all.Find(text);

        // Milliseconds if linear; a quadratic scan of 200,000 characters takes a minute and more.
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }
}
