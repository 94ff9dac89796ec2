using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using LlmKit.OpenAI;
using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using Sdk = OpenAI.Embeddings;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIEmbeddingTests
{
    private const string Floats = """
        {"object":"list","model":"embed-1","data":[{"object":"embedding","index":1,"embedding":[3,4]},{"object":"embedding","index":0,"embedding":[1,2]}],
        "usage":{"prompt_tokens":8,"total_tokens":8}}
        """;

    [Test]
    public async Task GenerateAsync_VectorsOutOfOrder_AreSortedByPosition()
    {
        var embeddings = await Generator(CannedWire.Answering(Floats)).GenerateAsync(["a", "b"]);

        Assert.That(embeddings.Select(e => e.Vector.ToArray()), Is.EqualTo(new[] { new float[] { 1, 2 }, [3, 4] }));
        Assert.That(embeddings[0].ModelId, Is.EqualTo("embed-1"));
        Assert.That(embeddings.Usage!.InputTokenCount, Is.EqualTo(8));
    }

    [Test]
    public async Task GenerateAsync_Base64_IsRead()
    {
        var base64 = Convert.ToBase64String(new float[] { 0.5f, -1f }.SelectMany(BitConverter.GetBytes).ToArray());
        var body = $$$"""{"data":[{"index":0,"embedding":"{{{base64}}}"}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""";

        var embeddings = await Generator(CannedWire.Answering(body)).GenerateAsync(["a"]);

        Assert.That(embeddings[0].Vector.ToArray(), Is.EqualTo(new[] { 0.5f, -1f }));
    }

    [Test]
    public async Task GenerateAsync_Options_AreSent()
    {
        var wire = CannedWire.Answering(Floats);

        await Generator(wire).GenerateAsync(["a", "b"], new() { Dimensions = 2, ModelId = "other", RawRepresentationFactory = _ => new Sdk.EmbeddingGenerationOptions { EndUserId = "u1" } });

        Assert.That(wire.Url!.AbsolutePath, Is.EqualTo("/v1/embeddings"));
        Assert.That(wire.Sent.GetProperty("dimensions").GetInt32(), Is.EqualTo(2));
        Assert.That(wire.Sent.GetProperty("model").GetString(), Is.EqualTo("other"));
        Assert.That(wire.Sent.GetProperty("user").GetString(), Is.EqualTo("u1"));
        Assert.That(wire.Sent.GetProperty("input").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task GenerateAsync_NoValues_SendsNothing()
    {
        var wire = CannedWire.Answering(Floats);

        Assert.That(await Generator(wire).GenerateAsync([]), Is.Empty);
        Assert.That(wire.Requests, Is.Zero);
    }

    [Test]
    public void GenerateAsync_FewerVectorsThanInputs_IsAnError() =>
        Assert.That(() => Generator(CannedWire.Answering(Floats)).GenerateAsync(["a", "b", "c"]),
            Throws.TypeOf<UnreadableAnswerException>().With.Message.Contains("2 embeddings for 3 inputs"));

    [TestCase("""{"error":{"message":"secret","type":"invalid_request_error"}}""", ModelFailureKind.InvalidRequest)]
    [TestCase("""{"error":"model 'secret' not found"}""", ModelFailureKind.ModelNotFound)]
    [TestCase("""{"error":null,"data":[]}""", ModelFailureKind.Transient)]
    public void GenerateAsync_ErrorInsideAnOkAnswer_IsClassifiedByItsWords(string body, ModelFailureKind kind)
    {
        var exception = Assert.ThrowsAsync<UnreadableAnswerException>(() => Generator(CannedWire.Answering(body)).GenerateAsync(["a"]))!;

        Assert.That(FailureNotes.Find(exception)!.Kind, Is.EqualTo(kind));
        Assert.That(exception.Message, Does.Not.Contain("secret"));
    }

    [Test]
    public void GetService_OfTheGenerator_GivesMetadataAndTheSdk()
    {
        using var generator = Generator(CannedWire.Answering(Floats));

        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;

        Assert.That(metadata.ProviderName, Is.EqualTo("openai"));
        Assert.That(metadata.DefaultModelId, Is.EqualTo("small"));
        Assert.That(generator.GetService(typeof(Sdk.EmbeddingClient)), Is.Not.Null);
        Assert.That(generator.GetService(typeof(EmbeddingGeneratorMetadata), "key"), Is.Null);
    }

    private static OpenAIEmbeddingGenerator Generator(CannedWire wire) => new(OpenAIWire.Open(wire));
}
