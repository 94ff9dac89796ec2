using LlmKit.Orchestration.Routing.Learning.Features;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

public sealed class WordHasherTests
{
    [Test]
    public void TryNext_AText_ReadsWordsNumbersMarksAndLines() => Assert.That(Read("Don't pay 42,\nplease"), Has.Length.EqualTo(6));

    [Test]
    public void TryNext_CaseAndTheDigitsOfANumber_DoNotCount()
    {
        Assert.That(Read("Pay 42"), Is.EqualTo(Read("pay 17")));
        Assert.That(Read("pay 42"), Is.Not.EqualTo(Read("pay 421")));
    }

    // A model that was fitted elsewhere must read the same here.
    [Test]
    public void TryNext_AWord_HasTheHashOfFnv1aOverItsLetters()
    {
        var expected = 2_166_136_261u;
        foreach (var c in "pay")
            expected = unchecked((expected ^ c) * 16_777_619);

        Assert.That(Read("PAY"), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void Bucket_ManyWords_AreSpreadEvenly()
    {
        var counts = new int[16];
        for (var i = 0; i < 16_000; i++)
            counts[WordHasher.Bucket(WordHasher.HashName($"word{i}"), counts.Length)]++;

        Assert.That(counts, Is.All.InRange(800, 1_200));
    }

    private static uint[] Read(string text)
    {
        var words = new WordHasher(text);
        var read = new List<uint>();
        while (words.TryNext(out var hash))
            read.Add(hash);
        return [.. read];
    }
}
