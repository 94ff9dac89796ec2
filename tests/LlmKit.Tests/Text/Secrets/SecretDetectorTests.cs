using LlmKit.Tests.Text.Detectors;
using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Secrets;

public class SecretDetectorTests
{
    private static readonly string[] s_samples = SecretSamples.All;

    [TestCaseSource(nameof(s_samples))]
    public void Scan_Secret_IsFoundWhole(string secret)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, $"token: {secret}, keep it.");

        Assert.That(found, Is.EqualTo(new[] { secret }));
    }

    [TestCaseSource(nameof(s_samples))]
    public void Scan_SecretBehindAnEscape_IsFound(string secret)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, "{\"log\":\"line\\n" + secret + "\"}");

        Assert.That(found, Is.EqualTo(new[] { secret }));
    }

    [TestCase("YoUr", 1)]
    [TestCase("your", 1)]
    [TestCase("xxxx", 1)]
    [TestCase("XXXX", 1)]
    [TestCase("dummy", 1)]
    [TestCase("Example", 0)]
    [TestCase("xxxxxxxx", 0)]
    public void Scan_TokenWithAWordOfPlaceholdersInside_IsNoneIfTheWordIsTooLongForChance(string word, int count)
    {
        var token = "gh" + "p_" + SecretSamples.Body(16) + word + SecretSamples.Body(20 - word.Length);

        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, token);

        Assert.That(found, Has.Length.EqualTo(count));
    }

    [TestCase(4, 1)]
    [TestCase(6, 0)]
    public void Scan_TokenThatEndsInARowOfX_IsNoneIfTheRowIsTooLongForChance(int length, int count)
    {
        var token = "gh" + "p_" + SecretSamples.Body(36 - length) + new string('x', length);

        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, token);

        Assert.That(found, Has.Length.EqualTo(count));
    }

    [TestCase("gh" + "p_", "YourToken")]
    [TestCase("gh" + "p_", "xxxx")]
    [TestCase("hf_", "DUMMY")]
    [TestCase("sk-" + "proj-", "a1-YOUR-")]
    [TestCase("sk-" + "proj-", "9_xxxx_")]
    public void Scan_TokenInWhichAWordOfPlaceholdersBegins_IsNone(string prefix, string words)
    {
        var body = words + SecretSamples.Body(60);
        var token = prefix + body[..(prefix[0] switch { 'g' => 36, 'h' => 34, _ => 60 })];

        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, token);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Scan_AnthropicKey_IsNamedAsSuch()
    {
        var hits = new TextRedactor([TextDetectors.Secrets]).Find(SecretSamples.Anthropic);

        Assert.That(hits.Single().Rule, Is.EqualTo("anthropic-key"));
    }

    [Test]
    public void Scan_AwsSecretBehindItsName_IsFound()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, "aws_secret_access_key = " + SecretSamples.AwsSecret);

        Assert.That(found, Is.EqualTo(new[] { SecretSamples.AwsSecret }));
    }

    [Test]
    public void Scan_UrlWithPassword_FindsOnlyThePassword()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, "postgres://app:hunter2@db.example.com:5432/x");

        Assert.That(found, Is.EqualTo(new[] { "hunter2" }));
    }

    [Test]
    public void Scan_PrivateKeyWithEscapedLineEnds_IsFoundWhole()
    {
        var key = SecretSamples.PrivateKey.Replace("\n", "\\n", StringComparison.Ordinal);

        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, "{\"key\":\"" + key + "\"}");

        Assert.That(found, Is.EqualTo(new[] { key }));
    }

    [Test]
    public void Scan_PrivateKeyWithoutItsEnd_IsFoundAsFarAsItGoes()
    {
        var key = SecretSamples.PrivateKey[..150];

        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, key);

        Assert.That(found, Is.EqualTo(new[] { key }));
    }

    [Test]
    public void Scan_JwtAtTheEndOfASentence_LeavesTheDot()
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, "It is " + SecretSamples.Jwt + ". Next");

        Assert.That(found, Is.EqualTo(new[] { SecretSamples.Jwt }));
    }

    private static readonly string[] s_harmless =
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "sk-" + "your-api-key-goes-here-0000000000000",
        "sk-" + "a-slug-of-english-words-without-any-number",
        "sk-" + "learn-pipeline-v2-with-many-steps-and-1-model-in-3-parts",
        "sk-" + "Learn-Pipeline-for-all-of-us-2024-edition-of-the-book",
        "the laws of access key holders, 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        "SK" + "ETCH and hooks.slack.com/services/T00000000/B00000000/",
        "ta" + "sk-" + SecretSamples.Body(40),
        "AIza" + SecretSamples.Body(36),
        "eyJ" + "AAAA.eyJBBB",
        "ghp_" + new string('x', 36),
        "gh" + "p_" + SecretSamples.Body(30) + "xxxxxx",
        "gh" + "p_" + "abcdefghijklmnopqrstuvwxyz0123456789",
        "hf" + "_" + "abcdefghijklmnopqrstuvwxyzabcdefgh",
        "sk-" + "1234567890abcdef1234567890abcdef1234567890abcdef",
        "sk-" + "proj-" + "replace-me-with-a-real-openai-api-key-of-your-own-project-1",
        "gl" + "pat-" + "put-token-here-please1",
        "https://host:8000 @x",
        "https://user:${PASSWORD}@host",
        SecretSamples.Dashes("BEGIN PRIVATE KEY") + " is how it starts",
        SecretSamples.Dashes("BEGIN CERTIFICATE") + "\n" + SecretSamples.Body(64) + SecretSamples.Body(64),
        "the hash " + SecretSamples.Body(40),
    ];

    [TestCaseSource(nameof(s_harmless))]
    public void Scan_HarmlessText_FindsNothing(string text)
    {
        var found = DetectorAssert.FoundBy(TextDetectors.Secrets, text);

        Assert.That(found, Is.Empty);
    }
}
