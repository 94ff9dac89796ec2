using System.Diagnostics;
using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracedEmbeddingTests
{
    private const string Marker = "M4RKER";

    private readonly string _model = $"m{Guid.NewGuid():n}";

    [Test]
    public async Task Generate_SpanAndMetrics_SayWhoWasAskedAndWhatItGave([Values] SemanticConventions profile)
    {
        using var recorder = new TelemetryRecorder();
        var options = new EmbeddingGenerationOptions { ModelId = _model, AdditionalProperties = new() { ["encoding_format"] = "base64" } };

        await Traced(new(), profile).GenerateAsync([Marker], options);

        var span = recorder.Chat("gen_ai.request.model", _model);
        Assert.That(span.TagObjects.ToDictionary(), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "embeddings",
            ["gen_ai.provider.name"] = "embedder",
            ["gen_ai.request.model"] = _model,
            ["gen_ai.request.encoding_formats"] = new[] { "base64" },
            ["gen_ai.embeddings.dimension.count"] = 8,
            ["gen_ai.response.model"] = "answered",
            ["gen_ai.usage.input_tokens"] = 5L,
            ["server.address"] = "embedder.example",
            ["server.port"] = 8443,
        }));
        var duration = recorder.Measurements(Duration(profile), "gen_ai.request.model", _model).Single();
        Assert.That((duration.Tags["gen_ai.operation.name"], duration.Tags["gen_ai.response.model"], duration.Tags["server.port"]), Is.EqualTo(("embeddings", "answered", 8443)));
        var tokens = recorder.Measurements("gen_ai.client.token.usage", "gen_ai.request.model", _model).Select(measurement => (measurement.Value, measurement.Tags["gen_ai.token.type"]));
        Assert.That(tokens, profile == SemanticConventions.Version141 ? Is.EqualTo(new[] { (5d, (object?)"input") }) : Is.Empty);
        Assert.That(recorder.All("gen_ai.request.model", _model), Has.Length.EqualTo(profile == SemanticConventions.Version141 ? 2 : 1));
    }

    [Test]
    public void Generate_Fails_ErrorHasItsTypeAndItsWordsOnlyWithContent([Values] bool content)
    {
        using var recorder = new TelemetryRecorder();
        var failing = new Embedder { Failure = new InvalidOperationException(Marker) };

        Assert.That(() => Traced(failing, content: content).GenerateAsync(["a"], new() { ModelId = _model }), Throws.InvalidOperationException);

        var span = recorder.Chat("gen_ai.request.model", _model);
        Assert.That((span.Status, span.StatusDescription, span.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, content ? Marker : null, "System.InvalidOperationException")));
        Assert.That(recorder.Measurements(Duration(SemanticConventions.Version141), "gen_ai.request.model", _model).Single().Tags["error.type"], Is.EqualTo("System.InvalidOperationException"));
    }

    [Test]
    public void Generate_Cancelled_IsNeitherErrorNorSuccess()
    {
        using var recorder = new TelemetryRecorder();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.That(() => Traced(new()).GenerateAsync(["a"], new() { ModelId = _model }, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());

        var span = recorder.Chat("gen_ai.request.model", _model);
        Assert.That((span.Status, span.GetTagItem(LlmKitDiagnostics.OutcomeTag), span.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Unset, "cancelled", (object?)null)));
        Assert.That(recorder.Measurements(Duration(SemanticConventions.Version141), "gen_ai.request.model", _model).Single().Tags["error.type"], Is.EqualTo("cancelled"));
    }

    [Test]
    public async Task Generate_FromARecording_SaysSoAndTellsNoUsage()
    {
        using var recorder = new TelemetryRecorder();
        using var cassette = Cassette.InMemory();
        cassette.AddEmbeddings(["a"], new() { ModelId = _model }, new([new Embedding<float>(new float[] { 1 })]) { Usage = new() { InputTokenCount = 5 } });
        var generator = LlmTrace.Traced(new CassetteEmbeddingGenerator(cassette));

        var embeddings = await generator.GenerateAsync(["a"], new() { ModelId = _model });

        Assert.That(embeddings.Usage!.InputTokenCount, Is.EqualTo(5));
        var span = recorder.Chat("gen_ai.request.model", _model);
        Assert.That((span.GetTagItem(LlmKitDiagnostics.ReplayTag), span.GetTagItem("gen_ai.usage.input_tokens")), Is.EqualTo(((object?)true, (object?)null)));
        Assert.That(recorder.All("gen_ai.request.model", _model).Select(measurement => measurement.Instrument), Is.EqualTo(new[] { Duration(SemanticConventions.Version141) }));
    }

    private static string Duration(SemanticConventions profile) => profile == SemanticConventions.Next ? "gen_ai.client.embeddings.duration" : "gen_ai.client.operation.duration";

    private static IEmbeddingGenerator<string, Embedding<float>> Traced(Embedder embedder, SemanticConventions profile = SemanticConventions.Version141, bool content = false) =>
        LlmTrace.Traced(embedder, new() { Profile = profile, CaptureContent = content }, new ManualTimeProvider());

    /// <summary>Says all of itself that can be said, and reports five tokens.</summary>
    private sealed class Embedder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Exception? Failure { get; init; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Failure is not null)
                throw Failure;
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>([new(new float[] { 1 }) { ModelId = "answered" }]) { Usage = new() { InputTokenCount = 5 } });
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("embedder", new("https://embedder.example:8443"), "default", 8) : null;

        public void Dispose()
        {
        }
    }
}
