using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text;

public class RedactionFingerprintTests
{
    private static readonly RedactionFingerprint s_fingerprint = new("0123456789abcdef"u8);
    private static readonly TextRedactor s_redactor = new([TextDetectors.Email, TextDetectors.PaymentCard]);

    [Test]
    public void Compute_SameValues_GivesTheSame()
    {
        Assert.That(Of("to a@example.com"), Is.EqualTo(Of("cc: a@example.com, thanks")));
    }

    [Test]
    public void Compute_OtherValue_GivesAnother()
    {
        Assert.That(Of("to a@example.com"), Is.Not.EqualTo(Of("to b@example.com")));
    }

    [Test]
    public void Compute_OtherOrder_GivesAnother()
    {
        Assert.That(Of("a@example.com b@example.com"), Is.Not.EqualTo(Of("b@example.com a@example.com")));
    }

    [Test]
    public void Compute_OtherKind_GivesAnother()
    {
        TextHit[] one = [new("r", "ONE", 0, 3, DetectionScore.High)];
        TextHit[] two = [new("r", "TWO", 0, 3, DetectionScore.High)];

        Assert.That(s_fingerprint.Compute("abc", one), Is.Not.EqualTo(s_fingerprint.Compute("abc", two)));
    }

    [Test]
    public void Compute_ValuesCutElsewhere_GivesAnother()
    {
        TextHit[] one = [new("r", "X", 0, 1, DetectionScore.High), new("r", "X", 1, 2, DetectionScore.High)];
        TextHit[] two = [new("r", "X", 0, 2, DetectionScore.High), new("r", "X", 2, 1, DetectionScore.High)];

        Assert.That(s_fingerprint.Compute("abc", one), Is.Not.EqualTo(s_fingerprint.Compute("abc", two)));
    }

    [Test]
    public void Compute_OtherKey_GivesAnother()
    {
        var hits = s_redactor.Find("a@example.com");

        Assert.That(RedactionFingerprint.PerProcess.Compute("a@example.com", hits), Is.Not.EqualTo(s_fingerprint.Compute("a@example.com", hits)));
    }

    [Test]
    public void Compute_NoMatches_IsEmpty()
    {
        Assert.That(Of("nothing"), Is.Empty);
    }

    [Test]
    public void Constructor_ShortKey_IsRefused()
    {
        Assert.That(() => new RedactionFingerprint("short"u8), Throws.ArgumentException);
    }

    private static string Of(string text) => s_fingerprint.Compute(text, s_redactor.Find(text));
}
