using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens.Images;

public sealed class ImageTokenRuleTests
{
    private static readonly ImageTokenRule Tiles = ImageTokenRule.Tiles(85, 170);

    // The providers' own examples.
    [TestCase("gpt-4o", 1_024, 1_024, 765)]
    [TestCase("gpt-4o", 2_048, 4_096, 1_105)]
    [TestCase("gpt-4.1-mini", 1_024, 1_024, 1_659)]
    [TestCase("gpt-4.1-mini", 1_800, 2_400, 2_353)]
    [TestCase("claude-sonnet-4-5", 200, 200, 64)]
    [TestCase("claude-sonnet-4-5", 1_092, 1_092, 1_521)]
    public void TokensOf_Image_AreThoseOfTheProvidersExamples(string model, int width, int height, long tokens) =>
        Assert.That(ImageTokenRule.Find(model)!.TokensOf(width, height), Is.EqualTo(tokens));

    [Test]
    public void TokensOf_LowDetail_AreTheBase() => Assert.That(Tiles.TokensOf(4_000, 3_000, isLowDetail: true), Is.EqualTo(85));

    [Test]
    public void TokensOf_AnyImage_AreAboveNoneAndAtMostTheMost() => Prop.ForAll<PositiveInt, PositiveInt, PositiveInt>((width, height, times) =>
        new[] { "gpt-4o", "gpt-4o-mini", "gpt-5-nano", "o4-mini", "claude-opus-4-1", "claude-opus-5" }.Select(model => ImageTokenRule.Find(model)!).All(rule =>
            rule.TokensOf((int)Math.Min(int.MaxValue, (long)width.Get * times.Get * times.Get), height.Get) is > 0 and var tokens && tokens <= rule.Most)).QuickCheckThrowOnFailure();

    [TestCase(int.MaxValue, int.MaxValue)]
    [TestCase(int.MaxValue, 1)]
    [TestCase(1, int.MaxValue)]
    [TestCase(1, 1)]
    public void TokensOf_LyingSides_AreBounded(int width, int height)
    {
        foreach (var rule in new[] { Tiles, ImageTokenRule.Patches(28, 1_568, 1_568), ImageTokenRule.Patches(32, 1_536, tokensPerPatch: 2.46) })
            Assert.That(rule.TokensOf(width, height), Is.InRange(1, rule.Most));
    }

    [TestCase("gpt-5.6-sol")]
    [TestCase("my-deployment")]
    [TestCase(null)]
    public void Find_ModelWithoutAKnownRule_FindsNone(string? model) => Assert.That(ImageTokenRule.Find(model), Is.Null);

    [TestCase("gpt-4o-2024-11-20", 85 + 8 * 170)]
    [TestCase("gpt-4o-mini", 2_833 + 8 * 5_667)]
    [TestCase("GPT-5-mini-2025-08-07", 2_489)]
    [TestCase("claude-opus-4-8", 4_784)]
    [TestCase("claude-opus-4-1-20250805", 1_568)]
    [TestCase("claude-fable-5", 4_784)]
    public void Find_KnownModel_KnowsItsDearestImage(string model, long most) => Assert.That(ImageTokenRule.Find(model)!.Most, Is.EqualTo(most));

    [Test]
    public void Patches_NumbersOutsideTheirRange_AreRefused()
    {
        Assert.That(() => ImageTokenRule.Patches(0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageTokenRule.Patches(32, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageTokenRule.Patches(32, 1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageTokenRule.Patches(32, 1, 1, double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("'NaN'"));
        Assert.That(() => ImageTokenRule.Tiles(-1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImageTokenRule.Tiles(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Tiles.TokensOf(0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static IEnumerable<TestCaseData> Media()
    {
        yield return new TestCaseData(new DataContent(ReadOnlyMemory<byte>.Empty, "image/png"), 765L, 1_445L).SetArgDisplayNames("empty image");
        yield return new TestCaseData(new UriContent("https://example.com/a.png", "image/png"), 765L, 1_445L).SetArgDisplayNames("address");
        yield return new TestCaseData(new DataContent(ImageBytes.Png(512, 512), "image/png"), 255L, 287L).SetArgDisplayNames("image");
        yield return new TestCaseData(new DataContent(new byte[300_000], "application/pdf"), 6_900L, 23_000L).SetArgDisplayNames("pdf");
        yield return new TestCaseData(new DataContent(new byte[500_000], "audio/mpeg"), 1_000L, 4_000L).SetArgDisplayNames("sound");
        yield return new TestCaseData(new DataContent(new byte[1_000], "application/json"), 250L, 500L).SetArgDisplayNames("json");
        yield return new TestCaseData(new UriContent("https://example.com/a.txt", "text/plain"), 2_300L, 4_600L).SetArgDisplayNames("text by address");
    }

    [TestCaseSource(nameof(Media))]
    public void Of_Media_GivesTheStatedFigures(AIContent content, long likely, long worst)
    {
        var (mediaType, bytes) = content is DataContent data ? (data.MediaType, data.Data) : (((UriContent)content).MediaType, default);

        Assert.That(MediaTokens.Of(content, mediaType, bytes.Span, Tiles), Is.EqualTo((likely, worst)));
    }
}
