using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens.Images;

public sealed class ImageSizeTests
{
    private static IEnumerable<TestCaseData> Files()
    {
        yield return new TestCaseData(ImageBytes.Png(640, 480)).SetArgDisplayNames("png");
        yield return new TestCaseData(ImageBytes.Gif(640, 480)).SetArgDisplayNames("gif");
        yield return new TestCaseData(ImageBytes.Jpeg(640, 480)).SetArgDisplayNames("jpeg");
        yield return new TestCaseData(ImageBytes.Jpeg(640, 480, frame: 0xC2)).SetArgDisplayNames("progressive jpeg");
        yield return new TestCaseData(ImageBytes.WebP("VP8 ", 640, 480)).SetArgDisplayNames("lossy webp");
        yield return new TestCaseData(ImageBytes.WebP("VP8L", 640, 480)).SetArgDisplayNames("lossless webp");
        yield return new TestCaseData(ImageBytes.WebP("VP8X", 640, 480)).SetArgDisplayNames("extended webp");
    }

    [TestCaseSource(nameof(Files))]
    public void Read_File_GivesItsSides(byte[] bytes) =>
        Assert.That(ImageSize.Read(bytes), Is.EqualTo(new ImageSize(640, 480)));

    [TestCaseSource(nameof(Files))]
    public void Read_FileCutAnywhere_GivesItsSidesOrNone(byte[] bytes)
    {
        for (var length = 0; length < bytes.Length; length++)
            Assert.That(ImageSize.Read(bytes.AsSpan(0, length)), Is.Null.Or.EqualTo(new ImageSize(640, 480)));
    }

    [Test]
    public void Read_AnyBytesBehindAnyBeginning_NeverThrows() => Prop.ForAll<byte[], int>((bytes, at) =>
    {
        var beginnings = Files().Select(file => (byte[])file.Arguments[0]!).ToList();
        var beginning = beginnings[Math.Abs(at % beginnings.Count)];
        return ImageSize.Read([.. beginning.AsSpan(0, Math.Abs(at % 13) + 1), .. bytes ?? []]) is null or { Width: > 0, Height: > 0 };
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_SidesOfZeroOrBelow_AreNone()
    {
        Assert.That(ImageSize.Read(ImageBytes.Png(0, 480)), Is.Null);
        Assert.That(ImageSize.Read(ImageBytes.Png(640, -1)), Is.Null);
        Assert.That(ImageSize.Read(ImageBytes.Gif(0, 0)), Is.Null);
    }

    [Test]
    public void Read_JpegOfEndlessSegments_EndsSoon()
    {
        var bytes = new byte[50_000_000];
        (bytes[0], bytes[1]) = (0xFF, 0xD8);
        for (var at = 2; at + 4 < bytes.Length; at += 4)
            (bytes[at], bytes[at + 1], bytes[at + 3]) = (0xFF, 0xE0, 2);

        Assert.That(ImageSize.Read(bytes), Is.Null);
    }
}
