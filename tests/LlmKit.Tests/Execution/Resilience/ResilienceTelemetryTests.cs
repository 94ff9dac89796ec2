using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

public class ResilienceTelemetryTests
{
    [Test]
    public async Task Metrics_RetriesTimeoutsAndTheCircuit_AreCountedByModel()
    {
        var model = "metered-" + Guid.NewGuid().ToString("n");
        using var metrics = new Metrics(model);
        var clock = new ManualTimeProvider();
        var options = new ResilienceOptions { MinimumThroughput = 3 };
        var upstream = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Hangs() : ResilienceBench.Fails(), clock);
        using var client = new ResilienceChatClient(upstream, options, model, logger: null, clock);

        await clock.EndAsync(client.GetResponseAsync("q"));
        await clock.EndAsync(client.GetResponseAsync("q"));

        Assert.That(metrics.Seen, Is.EquivalentTo(new[]
        {
            "llmkit.resilience.timeouts 1 limit=Attempt",
            "llmkit.resilience.retries 1 kind=Timeout",
            "llmkit.resilience.retries 1 kind=Overloaded",
            "llmkit.resilience.circuit.changes 1 state=Open observed=False",
            "llmkit.resilience.give_ups 1 reason=no retries are left",
            "llmkit.resilience.circuit.refusals 1 observed=False",
        }));
    }

    [Test]
    public void AddTags_Step_NamesItsFacts()
    {
        var tags = new List<KeyValuePair<string, object?>>();
        var step = new ResilienceStep("retry", "m", 2) { Kind = ModelFailureKind.Overloaded, Wait = TimeSpan.FromSeconds(1.5) };

        step.AddTags(tags);

        Assert.That(tags, Does.Contain(new KeyValuePair<string, object?>("llmkit.resilience.wait_seconds", 1.5)));
        Assert.That(tags, Does.Contain(new KeyValuePair<string, object?>("llmkit.failure.kind", "Overloaded")));
    }

    [Test]
    public async Task Steps_TheFailuresTextIsSecret_DoNotHoldIt([Values] bool streamed)
    {
        var secret = new HttpRequestException("sk-secret", null, System.Net.HttpStatusCode.ServiceUnavailable);
        using var bench = ResilienceBench.With(Setting.Composed, null, ScriptedAnswer.Throws(secret));

        var exception = await bench.FailAsync(streamed);

        Assert.That(string.Join(" ", bench.Steps), Does.Not.Contain("secret"));
        Assert.That(exception.Message, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Gauges_CircuitOpens_TellStateSinceUntilAndWhy()
    {
        var model = "metered-" + Guid.NewGuid().ToString("n");
        var clock = new ManualTimeProvider();
        using var client = new ResilienceChatClient(new ScriptedChatClient(ResilienceBench.Fails()), new() { MinimumThroughput = 1, MaxRetries = 0 }, model, logger: null, clock);
        Assert.That(Gauges(model), Is.EquivalentTo(new[] { "state 0 kind= observed=False", $"since {clock.GetUtcNow().ToUnixTimeSeconds()} kind= observed=False" }));
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.CatchAsync(() => client.GetResponseAsync("q"));

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.That(Gauges(model), Is.EquivalentTo(new[] { "state 2 kind=Overloaded observed=False", $"since {now} kind=Overloaded observed=False", $"until {now + 15} kind=Overloaded observed=False" }));
        client.Dispose();
        Assert.That(Gauges(model), Is.Empty);
    }

    private static IEnumerable<string> Gauges(string model)
    {
        using var metrics = new Metrics(model);
        metrics.Collect();
        return [.. metrics.Seen.Select(seen => seen.Replace("llmkit.resilience.circuit.", "", StringComparison.Ordinal).Replace(" pipeline=resilience", "", StringComparison.Ordinal))];
    }

    private sealed class Metrics : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly string _model;

        public Metrics(string model)
        {
            _model = model;
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == LlmKitDiagnostics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.Start();
        }

        public ConcurrentQueue<string> Seen { get; } = new();

        public void Collect() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var all = tags.ToArray();
            if (!all.Contains(new("llmkit.model", _model)))
                return;
            var others = all.Where(tag => tag.Key != "llmkit.model").Select(tag => $" {tag.Key.Split('.')[^1]}={tag.Value}");
            Seen.Enqueue($"{instrument.Name} {value}{string.Concat(others)}");
        }
    }
}
