using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LlmKit.Models;
using LlmKit.Simulator;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class EmbeddingTests
{
    [Test]
    public async Task Embed_SynonymsAndForms_AreNearAndOthersFar()
    {
        await using var simulator = await Sample.StartAsync();

        var asked = await EmbedAsync(simulator, "How do I get a refund for my lamps?");
        var synonym = await EmbedAsync(simulator, "how can I get my money back for the lamp");
        var other = await EmbedAsync(simulator, "Which bulb fits the garden lantern?");

        Assert.That(TensorPrimitives.CosineSimilarity<float>(asked, synonym), Is.GreaterThan(0.9f));
        Assert.That(TensorPrimitives.CosineSimilarity<float>(asked, other), Is.LessThan(0.3f));
    }

    [Test]
    public async Task Embed_Negation_IsNotTheSame()
    {
        await using var simulator = await Sample.StartAsync();

        var yes = await EmbedAsync(simulator, "The lamp works with the app");
        var no = await EmbedAsync(simulator, "The lamp works not with the app");

        Assert.That(TensorPrimitives.CosineSimilarity<float>(yes, no), Is.LessThan(0.95f));
    }

    [Test]
    public async Task Embed_Base64_IsTheSameVectorAsFloats()
    {
        await using var simulator = await Sample.StartAsync();

        var floats = await EmbedAsync(simulator, "refund");
        var encoded = (string)(await PostAsync(simulator, """{"model":"embed","input":"refund","encoding_format":"base64"}"""))["data"]![0]!["embedding"]!;

        Assert.That(MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(encoded)).ToArray(), Is.EqualTo(floats));
    }

    [TestCase("refund")]
    [TestCase("the of and")]
    [TestCase("!?")]
    public async Task Embed_AnyText_IsAUnitVectorOfTheAskedDimensions(string text)
    {
        await using var simulator = await Sample.StartAsync();

        var vector = Vector(await PostAsync(simulator, $$"""{"model":"embed","input":["{{text}}"],"dimensions":64}"""));

        Assert.That(vector, Has.Length.EqualTo(64));
        Assert.That(TensorPrimitives.Norm<float>(vector), Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public async Task Embed_TwoInputs_BillsTheirTextOnly()
    {
        await using var simulator = await Sample.StartAsync();

        await PostAsync(simulator, """{"model":"embed","input":["a refund","my lamp is broken"]}""");

        Assert.That(
            simulator.Meter.Snapshot().Of("embed").Tokens.Input,
            Is.EqualTo(TokenEstimator.Estimate("a refund") + TokenEstimator.Estimate("my lamp is broken")));
    }

    private static async Task<float[]> EmbedAsync(ProviderSimulator simulator, string text) =>
        Vector(await PostAsync(simulator, $$"""{"model":"embed","input":"{{text}}"}"""));

    private static float[] Vector(JsonNode json) => [.. json["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!)];

    private static async Task<JsonNode> PostAsync(ProviderSimulator simulator, string body)
    {
        using var client = new RawClient(simulator);
        return await RawClient.JsonAsync(await client.PostAsync("v1/embeddings", body));
    }
}
