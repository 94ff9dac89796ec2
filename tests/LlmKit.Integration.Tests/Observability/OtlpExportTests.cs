using System.Text.Json;
using LlmKit.Integration.Tests.Observability.Otlp;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Observability;

/// <summary>What arrives at a collector, through the real SDK and over HTTP: names, kinds and types as the conventions say.</summary>
/// <remarks>Alone: the SDK hears every pipeline of the process, and drops what its queue has no room for.</remarks>
[NonParallelizable]
public sealed class OtlpExportTests
{
    private const int Internal = 1;
    private const int Client = 3;
    private const int Error = 2;
    private const string Marker = "M4RKER";

    private static readonly double[] Seconds = [.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    [Test]
    public async Task Call_ContentOff_SpanAndAttemptArriveTypedAndNoTextDoes([Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model(Answer()));

        await exported.AskAsync(Marker, streamed, Options());

        var span = exported.Chat();
        Assert.That((span.Name, span.Kind, span.Status, span.Scope), Is.EqualTo(("chat gpt-m", Client, 0, "LlmKit")));
        Assert.That(span.Resource["service.name"], Is.EqualTo("shop"));
        Assert.That(Conventions(span.Attributes, "gen_ai.response.time_to_first_chunk", "gen_ai.request.stream"), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "scripted",
            ["gen_ai.request.model"] = "gpt-m",
            ["server.address"] = "scripted.example",
            ["server.port"] = 443L,
            ["gen_ai.request.temperature"] = 0.5,
            ["gen_ai.request.top_k"] = 4d,
            ["gen_ai.request.max_tokens"] = 50L,
            ["gen_ai.request.stop_sequences"] = new object[] { "END", "\"x\"" },
            ["gen_ai.request.choice.count"] = 2L,
            ["openai.request.service_tier"] = "flex",
            ["gen_ai.prompt.name"] = "triage",
            ["gen_ai.prompt.version"] = "7",
            ["gen_ai.tool.definitions"] = """[{"type":"function","name":"weather"}]""",
            ["gen_ai.response.id"] = "response-1",
            ["gen_ai.response.model"] = "gpt-m",
            ["gen_ai.response.finish_reasons"] = new object[] { "stop" },
            ["gen_ai.usage.input_tokens"] = 10L,
            ["gen_ai.usage.output_tokens"] = 3L,
            ["gen_ai.usage.cache_read.input_tokens"] = 4L,
            ["gen_ai.usage.cache_creation.input_tokens"] = 2L,
            ["gen_ai.usage.reasoning.output_tokens"] = 1L,
        }));
        Assert.That(span.Attributes.GetValueOrDefault("gen_ai.request.stream"), Is.EqualTo(streamed ? true : null));
        Assert.That(span.Attributes.GetValueOrDefault("gen_ai.response.time_to_first_chunk"), streamed ? Is.TypeOf<double>() : Is.Null);
        var attempt = exported.Flush().Spans.Single(child => child.ParentId == span.Id);
        Assert.That((attempt.Name, attempt.Kind, attempt.TraceId), Is.EqualTo(("attempt small", Internal, span.TraceId)));
        Assert.That(exported.Flush().Holds(Marker), Is.False);
    }

    [Test]
    public async Task Call_Priced_CostArrivesInPartsAndUnderTheNamesAskedFor()
    {
        var aliases = CostAliases.OtelDraft | CostAliases.Langfuse | CostAliases.OpenInference;
        await using var exported = await Exported.StartAsync(options => options.CostAliases = aliases, Model(Answer()));

        await exported.AskAsync("hello", streamed: false);

        var cost = exported.Chat().Attributes;
        Assert.That(cost["llmkit.usage.cost.input"], Is.EqualTo(0.000006).Within(1e-12));
        Assert.That(cost["llmkit.usage.cost.cached_input"], Is.EqualTo(0.000002).Within(1e-12));
        Assert.That(cost["llmkit.usage.cost.output"], Is.EqualTo(0.00003).Within(1e-12));
        Assert.That(cost["llmkit.usage.cost.total"], Is.EqualTo(0.000038).Within(1e-12));
        Assert.That((cost["llmkit.usage.cost.currency"], cost["llmkit.usage.cost.source"]), Is.EqualTo(("USD", "local")));
        Assert.That(cost["llmkit.usage.cost.price_version"], Is.EqualTo(new ModelPrice(1m, 10m, cachedInputPerMillion: 0.5m).Version));
        Assert.That(new[] { cost["gen_ai.usage.cost.amount"], cost["gen_ai.usage.cost"], cost["llm.cost.total"] }, Is.All.EqualTo(0.000038).Within(1e-12));
        Assert.That(cost["llm.cost.prompt"], Is.EqualTo(0.000008).Within(1e-12));
        Assert.That(JsonDocument.Parse((string)cost["langfuse.observation.cost_details"]!).RootElement.GetProperty("output").GetDouble(), Is.EqualTo(0.00003).Within(1e-12));
        Assert.That(exported.Flush().Points.Select(point => point.Metric), Has.Some.EqualTo("gen_ai.client.operation.cost"));
    }

    [Test]
    public async Task Call_Measured_HistogramsArriveWithTheConventionsBoundaries()
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model(Answer(), provider: "p-histograms"));

        await exported.AskAsync("hello", streamed: true);

        var points = exported.Flush().Points.Where(point => "p-histograms".Equals(point.Attributes.GetValueOrDefault("gen_ai.provider.name"))).ToList();
        foreach (var metric in new[] { "duration", "time_to_first_chunk", "time_per_output_chunk" })
        {
            var point = points.Single(point => point.Metric == "gen_ai.client.operation." + metric);
            Assert.That((point.Unit, point.Kind), Is.EqualTo(("s", "histogram")));
            Assert.That(point.Bounds, Is.EqualTo(Seconds));
        }

        var tokens = points.Where(point => point.Metric == "gen_ai.client.token.usage").ToDictionary(point => (string)point.Attributes["gen_ai.token.type"]!);
        Assert.That((tokens["input"].Sum, tokens["output"].Sum, tokens["input"].Unit), Is.EqualTo((10d, 3d, "{token}")));
        Assert.That(tokens["input"].Bounds, Is.EqualTo(Enumerable.Range(0, 14).Select(power => Math.Pow(4, power))));
        Assert.That(points.Select(point => point.Metric), Has.None.StartsWith("gen_ai.client.inference"));
    }

    [Test]
    public async Task Call_NextProfile_OnlyItsNamesArrive([Values] bool streamed)
    {
        var provider = streamed ? "p-next-streamed" : "p-next";
        await using var exported = await Exported.StartAsync(options => options.Profile = SemanticConventions.Next, Model(Answer(), provider));

        await exported.AskAsync("hello", streamed, Options());

        var span = exported.Chat();
        Assert.That(span.Attributes["gen_ai.request.top_k"], Is.EqualTo(4L));
        Assert.That(span.Attributes["gen_ai.usage.cache_write.input_tokens"], Is.EqualTo(2L));
        Assert.That(span.Attributes.Keys, Has.None.EqualTo("gen_ai.usage.cache_creation.input_tokens"));
        var points = exported.Flush().Points.Where(point => provider.Equals(point.Attributes.GetValueOrDefault("gen_ai.provider.name"))).ToList();
        Assert.That(points.Select(point => point.Metric), Has.None.StartsWith("gen_ai.client.operation").And.None.EqualTo("gen_ai.client.token.usage"));
        Assert.That(points.Single(point => point.Metric == "gen_ai.client.inference.duration").Bounds, Is.EqualTo(Seconds));
        var counters = points.Where(point => point.Metric.StartsWith("gen_ai.client.inference.usage.", StringComparison.Ordinal)).ToDictionary(point => point.Metric[30..]);
        Assert.That(counters.Values.Select(point => (point.Kind, point.Attributes["gen_ai.token.modality"])), Is.All.EqualTo(("sum", "unknown")));
        Assert.That(
            counters.ToDictionary(counter => counter.Key, counter => counter.Value.Sum),
            Is.EquivalentTo(new Dictionary<string, double> { ["input_tokens"] = 10, ["output_tokens"] = 3, ["cache_read.input_tokens"] = 4, ["cache_write.input_tokens"] = 2, ["reasoning.output_tokens"] = 1 }));
        Assert.That(points.Single(point => point.Metric == "gen_ai.client.inference.operation.input_tokens").Kind, Is.EqualTo("histogram"));
    }

    [Test]
    public async Task Call_ContentOn_SpanHoldsJsonAndEventItsStructure([Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(static options => (options.CaptureContent, options.CaptureContentOnEvents) = (true, true), Model(Answer()));

        await exported.AskAsync("hello", streamed, Options());

        var span = exported.Chat();
        Assert.That(span.Attributes["gen_ai.input.messages"], Is.EqualTo("""[{"role":"user","parts":[{"type":"text","content":"hello"}]}]"""));
        Assert.That(JsonDocument.Parse((string)span.Attributes["gen_ai.tool.definitions"]!).RootElement[0].GetProperty("description").GetString(), Is.EqualTo("Tells the weather."));
        var log = exported.Flush().Logs.Single(log => log.EventName == "gen_ai.client.inference.operation.details" && log.SpanId == span.Id);
        Assert.That(log.TraceId, Is.EqualTo(span.TraceId));
        Assert.That(log.Attributes["gen_ai.usage.input_tokens"], Is.EqualTo(10L));
        // The exporter has no lists of objects and asks for a text.
        Assert.That(log.Attributes["gen_ai.input.messages"], Is.EqualTo(span.Attributes["gen_ai.input.messages"]));
        Assert.That(log.Attributes["gen_ai.output.messages"], Is.EqualTo(span.Attributes["gen_ai.output.messages"]));
    }

    [Test]
    public async Task Call_EventsWithoutContent_TellNamesAndNumbersAlone([Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(static options => options.EmitEvents = true, Model(Answer()));

        await exported.AskAsync(Marker, streamed);

        var log = exported.Flush().Logs.Single(log => log.EventName == "gen_ai.client.inference.operation.details");
        Assert.That(log.Attributes["gen_ai.response.finish_reasons"], Is.EqualTo(new object[] { "stop" }));
        Assert.That(log.Attributes.Keys, Has.None.EqualTo("gen_ai.input.messages"));
        Assert.That(exported.Flush().Holds(Marker), Is.False);
    }

    [Test]
    public async Task Call_Fails_StatusAndEventSayItsKindAndNoWords([Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model(ScriptedAnswer.Throws(new InvalidOperationException(Marker))));

        Assert.That(() => exported.AskAsync(Marker, streamed), Throws.InvalidOperationException);

        var span = exported.Chat();
        Assert.That((span.Status, span.StatusMessage), Is.EqualTo((Error, "")));
        Assert.That(span.Attributes["error.type"], Is.EqualTo("System.InvalidOperationException"));
        var log = exported.Flush().Logs.Single(log => log.EventName == "gen_ai.client.operation.exception");
        Assert.That((log.SpanId, log.Severity, log.Attributes["exception.type"]), Is.EqualTo((span.Id, 13, "System.InvalidOperationException")));
        Assert.That(exported.Flush().Holds(Marker), Is.False);
    }

    private static ScriptedChatClient Model(ScriptedAnswer answer, string provider = "scripted") =>
        new((_, _) => answer, time: null, modelId: "gpt-m", provider);

    private static ScriptedAnswer Answer() => ScriptedAnswer.Text(Marker, " a", " b") with
    {
        Usage = new()
        {
            InputTokenCount = 10,
            OutputTokenCount = 3,
            CachedInputTokenCount = 4,
            ReasoningTokenCount = 1,
            AdditionalCounts = new() { ["CacheCreationInputTokens"] = 2 },
        },
    };

    private static LlmCallOptions Options() => new LlmCallOptions
    {
        Temperature = 0.5f,
        TopK = 4,
        MaxOutputTokens = 50,
        StopSequences = ["END", "\"x\""],
        Tools = [AIFunctionFactory.Create((string city) => city + Marker, "weather", "Tells the weather.")],
        AdditionalProperties = new() { ["n"] = 2, ["service_tier"] = "flex", ["secret"] = Marker },
    }.WithPrompt("triage", "7");

    private static Dictionary<string, object?> Conventions(Dictionary<string, object?> attributes, params string[] except) =>
        attributes.Where(tag => !tag.Key.StartsWith("llmkit.", StringComparison.Ordinal) && !except.Contains(tag.Key)).ToDictionary();
}
