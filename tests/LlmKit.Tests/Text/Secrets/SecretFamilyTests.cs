using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Secrets;

/// <summary>Keys drawn at random from the public rules of their issuers, and what looks like them in documentation.</summary>
public class SecretFamilyTests
{
    private const int Draws = 200;
    private const int LeastFound = Draws * 95 / 100;

    private static readonly TextRedactor s_redactor = new([TextDetectors.Secrets]);

    [TestCaseSource(typeof(SecretFamilies), nameof(SecretFamilies.All))]
    public void Scan_KeysOfAFamily_AreFoundWhole(SecretFamily family)
    {
        var chance = new Random(7);

        var found = Enumerable.Range(0, Draws).Select(_ => family.Draw(chance)).Count(key =>
            s_redactor.Find($"it is {key} now") is [var hit] && hit.Rule == family.Rule && hit is { Start: 6 } && hit.Length == key.Length);

        Assert.That(found, Is.GreaterThanOrEqualTo(LeastFound));
    }

    [TestCaseSource(typeof(SecretFamilies), nameof(SecretFamilies.Introduced))]
    public void Scan_KeysBehindTheirWords_AreFound(SecretFamily family)
    {
        var chance = new Random(7);

        var found = Enumerable.Range(0, Draws).Count(_ => s_redactor.Find(family.Draw(chance)) is [var hit] && hit.Rule == family.Rule);

        Assert.That(found, Is.GreaterThanOrEqualTo(LeastFound));
    }

    [TestCaseSource(typeof(SecretFamilies), nameof(SecretFamilies.All))]
    public void Scan_PlaceholdersOfAFamily_AreNotFound(SecretFamily family)
    {
        var prefix = string.Concat(family.Prefix);
        string[] bodies =
        [
            new('x', family.Length), new('X', family.Length), new('*', family.Length), new('0', family.Length), "EXAMPLE".PadRight(family.Length, 'a'),
            "<your-key-goes-here-and-nowhere-else-at-all>", "${SECRET_KEY_OF_THE_ENVIRONMENT_1234}", "...", "your-api-key-1234567890-abcdefghijklmnop",
        ];

        Assert.That(bodies.Select(body => $"it is {prefix}{body}{family.Suffix} now").Where(text => s_redactor.Find(text).Count > 0), Is.Empty);
    }

    [Test]
    public void Scan_GitHubTokenWithItsChecksum_ScoresHigh()
    {
        var body = SecretSamples.Body(30);

        var hits = s_redactor.Find("gh" + "p_" + body + Base62(Crc32(body))).Concat(s_redactor.Find(SecretSamples.GitHub));

        Assert.That(hits.Select(hit => hit.Score), Is.EqualTo(new[] { DetectionScore.High, DetectionScore.Medium }));
    }

    [Test]
    public void Scan_LegacyOpenAiKey_IsNamedAsSuch()
    {
        var key = "sk" + "-" + SecretSamples.Body(20) + "T3Blbk" + "FJ" + SecretSamples.Body(20);

        Assert.That(s_redactor.Find(key).Single(), Is.EqualTo(new TextHit("openai-key", "SECRET", 0, key.Length, DetectionScore.High)));
    }

    private static uint Crc32(string text) =>
        ~text.Aggregate(uint.MaxValue, (crc, c) => Enumerable.Range(0, 8).Aggregate(crc ^ c, (bits, _) => (bits >> 1) ^ ((bits & 1) * 0xEDB88320)));

    private static string Base62(uint value)
    {
        const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var text = "";
        for (var i = 0; i < 6; i++, value /= 62)
            text = Digits[(int)(value % 62)] + text;
        return text;
    }
}
