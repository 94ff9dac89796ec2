using LlmKit.Observability.Replay;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay;

public sealed class CassetteEmbeddingGeneratorTests
{
    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Replay_OfWhatWasRecorded_GivesTheSameVectors()
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
            await new CassetteEmbeddingGenerator(recorder, new LexicalEmbeddingGenerator()).GenerateAsync(["one", "two"]);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var generator = new CassetteEmbeddingGenerator(cassette);
        var replayed = await generator.GenerateAsync(["one", "two"]);

        var expected = await new LexicalEmbeddingGenerator().GenerateAsync(["one", "two"]);
        Assert.That(replayed.Select(embedding => embedding.Vector.ToArray()), Is.EqualTo(expected.Select(embedding => embedding.Vector.ToArray())));
        Assert.That(() => generator.GenerateAsync(["two", "one"]), Throws.TypeOf<CassetteMissException>().With.Message.Contains("$.values[0]"));
        Assert.That(() => generator.GenerateAsync(["one", "two"], new() { Dimensions = 8 }), Throws.TypeOf<CassetteMissException>().With.Message.Contains("$.dimensions"));
    }

    [Test]
    public async Task Replay_OfUsageAndSecrets_KeepsTheOneAndNotTheOther()
    {
        static void Redact(CassetteOptions options) => options.Redact = text => text.Replace("secret", "[x]", StringComparison.Ordinal);
        using (var recorder = _folder.Open(CassetteMode.Record, Redact))
            await new CassetteEmbeddingGenerator(recorder, new FixedEmbeddingGenerator(7)).GenerateAsync(["secret"]);

        using var cassette = _folder.Open(CassetteMode.Replay, Redact);
        var replayed = await new CassetteEmbeddingGenerator(cassette).GenerateAsync(["[x]"]);

        Assert.That(replayed.Usage!.InputTokenCount, Is.EqualTo(7));
        Assert.That(replayed.AdditionalProperties, Contains.Key(LlmKitDiagnostics.ReplayTag));
        Assert.That(_folder.Text, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Verify_OfOtherVectors_MeasuresHowFarTheyAre()
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
            await new CassetteEmbeddingGenerator(recorder, new FixedEmbeddingGenerator(7)).GenerateAsync(["a"]);

        using var cassette = _folder.Open(CassetteMode.Verify);
        await new CassetteEmbeddingGenerator(cassette, new LexicalEmbeddingGenerator()).GenerateAsync(["a"]);
        await new CassetteEmbeddingGenerator(cassette, new FixedEmbeddingGenerator(7)).GenerateAsync(["b"]);

        Assert.That(cassette.Drift.Entries.Select(entry => entry.Level), Is.EqualTo([DriftLevel.Structure, DriftLevel.Unrecorded]));
    }
}
