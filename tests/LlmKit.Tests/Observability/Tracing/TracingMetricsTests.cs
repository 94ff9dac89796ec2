using System.Diagnostics.Metrics;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingMetricsTests
{
    private static readonly double[] Seconds = [.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    [Test]
    public async Task Call_OnlyMetricsWanted_AreRecordedWithTheirTags([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder(spans: false);
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("a", "b", "c")), streamed);

        var duration = recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.request.model", traced.Name).Single();
        Assert.That(duration.Tags, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "scripted",
            ["gen_ai.request.model"] = traced.Name,
            ["gen_ai.response.model"] = traced.Name,
            ["server.address"] = "scripted.example",
            ["server.port"] = 443,
        }));
        var tokens = recorder.Measurements("gen_ai.client.token.usage", "gen_ai.request.model", traced.Name);
        Assert.That(tokens.Select(measurement => (measurement.Tags["gen_ai.token.type"], measurement.Value)), Is.EqualTo(new (object?, double)[] { ("input", 10), ("output", 3) }));
        var cost = recorder.Measurements(LlmKitDiagnostics.CallCostMetric, LlmKitDiagnostics.PipelineTag, traced.Name).Single();
        Assert.That(cost.Value, Is.EqualTo(0.00004).Within(1e-12));
        Assert.That(cost.Tags[LlmKitDiagnostics.FeatureTag], Is.EqualTo(traced.Name));
    }

    [Test]
    public async Task Stream_AnotherProviderAnswers_AllMeasurementsNameItFromTheFirstOn([Values] bool afterAFailure)
    {
        using var recorder = new TelemetryRecorder(spans: false);
        var other = new ScriptedChatClient(static (_, _) => ScriptedAnswer.Text("a", "b"), time: null, modelId: "m", provider: "other");
        var broken = new ScriptedChatClient(static (_, _) => ScriptedAnswer.Throws(new HttpRequestException("no", null, System.Net.HttpStatusCode.BadGateway)), time: null, modelId: "b", provider: "broken");
        var traced = new TracedPipeline
        {
            Stages = builder => builder.AddModel("other", other).AddModel("broken", broken).UseRouter(router => router.Priority(afterAFailure ? ["broken", "other", "small"] : ["other", "small", "broken"])),
        };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: true);

        var measured = recorder.All("gen_ai.request.model", traced.Name);
        Assert.That(measured.Select(measurement => measurement.Tags["gen_ai.provider.name"]), Is.All.EqualTo("other"));
        Assert.That(measured.Select(measurement => measurement.Tags.ContainsKey("server.address")), Is.All.False);
        Assert.That(measured.Select(measurement => measurement.Instrument), Is.SupersetOf(new[] { "gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.operation.time_per_output_chunk" }));
    }

    [Test]
    public async Task Call_NextProfile_AllItsMetricsAreRecorded([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder(spans: false);
        var traced = new TracedPipeline { Options = options => options.Profile = SemanticConventions.Next };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("a", "b")), streamed);

        string[] always = ["duration", "operation.input_tokens", "operation.output_tokens", "usage.input_tokens", "usage.output_tokens"];
        string[] streams = ["time_to_first_chunk", "time_per_output_chunk"];
        var measured = recorder.All("gen_ai.request.model", traced.Name).Where(measurement => measurement.Instrument != LlmKitDiagnostics.CallCostMetric).ToList();
        Assert.That(measured.Select(measurement => measurement.Instrument).Distinct(), Is.EquivalentTo((streamed ? [.. always, .. streams] : always).Select(name => "gen_ai.client.inference." + name)));
        Assert.That(measured.Single(measurement => measurement.Instrument.EndsWith("operation.output_tokens", StringComparison.Ordinal)).Value, Is.EqualTo(2));
        Assert.That(measured.Count(measurement => measurement.Instrument.EndsWith("time_per_output_chunk", StringComparison.Ordinal)), Is.EqualTo(streamed ? 3 : 0));
    }

    [Test]
    public async Task Stream_SeveralProvidersAreAsked_MeasurementsNameTheOneWhoseAnswerIsGiven([Values] bool hedged)
    {
        using var recorder = new TelemetryRecorder(spans: false);
        var other = new ScriptedChatClient(static (_, _) => ScriptedAnswer.Text("a", "b"), time: null, modelId: "m", provider: "other");
        var traced = new TracedPipeline
        {
            Stages = builder => builder.AddModel("other", other).UseRouter(router =>
            {
                if (hedged)
                    router.Priority("small", "other").Hedge(static hedging => hedging.Delay = TimeSpan.FromSeconds(1));
                else
                    router.Cascade("other", "small");
            }),
        };

        var asked = traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("late") with { Delay = TimeSpan.FromHours(1) }), streamed: true);
        await Eventually.EndsAsync(asked, traced.Time, TimeSpan.FromSeconds(1));

        Assert.That(await asked, Is.EqualTo("ab"));
        Assert.That(recorder.All("gen_ai.request.model", traced.Name).Select(measurement => measurement.Tags["gen_ai.provider.name"]), Is.All.EqualTo("other").And.Not.Empty);
    }

    [Test]
    public async Task Call_OnlyInputTokensKnown_NothingIsSaidOfTheOutput()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var answer = ScriptedAnswer.Text("a") with { Usage = new() { InputTokenCount = 4 } };

        await traced.AskAsync(traced.Build(alone: true, answer), streamed: false);

        var tokens = recorder.Measurements("gen_ai.client.token.usage", "gen_ai.request.model", traced.Name).Single();
        Assert.That(tokens.Tags["gen_ai.token.type"], Is.EqualTo("input"));
        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.usage.output_tokens"), Is.Null);
    }

    [Test]
    public async Task Call_ManyModels_LaterOnesAreCountedTogether()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.MaxModelNames = 2 };
        var client = traced.Build(alone: true, ScriptedAnswer.Text("a"));

        foreach (var model in new[] { "one", "two", "three", "two", "four" })
        {
            var options = traced.CallOptions;
            options.ModelId = model;
            await client.GetResponseAsync("hello", options);
        }

        var spans = recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name);
        var models = recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.response.model", traced.Name).Select(measurement => measurement.Tags["gen_ai.request.model"]);
        Assert.That(spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "chat one", "chat two", "chat three", "chat two", "chat four" }));
        Assert.That(models, Is.EqualTo(new[] { "one", "_other", "_other", "_other", "_other" }));
    }

    [Test]
    public void Get_RacingNewNames_KeepsToTheCap()
    {
        var names = new CappedNames(10);

        var given = Enumerable.Range(0, 1_000).AsParallel().WithDegreeOfParallelism(4).Select(number => names.Get($"m{number}")).ToHashSet();

        Assert.That(given, Has.Count.LessThanOrEqualTo(11).And.Contain("_other"));
    }

    [TestCase("gen_ai.client.operation.duration", "s")]
    [TestCase("gen_ai.client.operation.time_to_first_chunk", "s")]
    [TestCase("gen_ai.client.operation.time_per_output_chunk", "s")]
    public void Instrument_OfTime_AdvisesTheConventionsBoundaries(string name, string unit)
    {
        var instrument = (Histogram<double>)Published(name);

        Assert.That(instrument.Unit, Is.EqualTo(unit));
        Assert.That(instrument.Advice!.HistogramBucketBoundaries, Is.EqualTo(Seconds));
    }

    [Test]
    public void Instrument_OfTokens_AdvisesPowersOfFour()
    {
        var instrument = (Histogram<long>)Published("gen_ai.client.token.usage");

        Assert.That(instrument.Unit, Is.EqualTo("{token}"));
        Assert.That(instrument.Advice!.HistogramBucketBoundaries, Is.EqualTo(Enumerable.Range(0, 14).Select(power => (long)Math.Pow(4, power))));
    }

    private static Instrument Published(string name)
    {
        var instruments = new List<Instrument>();
        _ = ChatInstruments.Version141;
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(instrument) };
        listener.Start();
        return instruments.Single(instrument => instrument.Meter.Name == LlmKitDiagnostics.MeterName && instrument.Name == name);
    }
}
