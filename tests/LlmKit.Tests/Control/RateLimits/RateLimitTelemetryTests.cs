using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.RateLimits;

public sealed class RateLimitTelemetryTests : IDisposable
{
    private const string Limit = "limit of the telemetry tests";

    private readonly ConcurrentBag<(string Instrument, double Value)> _measured = [];
    private readonly MeterListener _listener = new() { InstrumentPublished = (instrument, listener) => { if (instrument.Name.StartsWith("llmkit.rate_limit.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument); } };

    public RateLimitTelemetryTests()
    {
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Test]
    public async Task Ask_WaitsAndRefusals_AreCountedByLimitAndNeverByTenant()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("model", services => new ScriptedChatClient((_, _) => ScriptedAnswer.Text("ok") with { Delay = TimeSpan.FromSeconds(3) }, services.GetRequiredService<TimeProvider>()))
            .UseRateLimits(limits => limits.PerTenant(Limit, concurrent: 1).Queue = 1));
        var asking = Enumerable.Range(0, 3).Select(_ => Outcome.OfAsync(host.Chat, streamed: false, new LlmCallOptions { Tenant = "acme" })).ToList();
        await host.Clock.EndAsync(Task.WhenAll(asking));

        Assert.That(Sum("llmkit.rate_limit.refusals"), Is.EqualTo(1));
        Assert.That(Sum("llmkit.rate_limit.waiting"), Is.Zero);
        Assert.That(_measured.Count(one => one.Instrument == "llmkit.rate_limit.waiting"), Is.EqualTo(2));
        Assert.That(Sum("llmkit.rate_limit.wait"), Is.GreaterThanOrEqualTo(3));
    }

    private double Sum(string instrument) => _measured.Where(one => one.Instrument == instrument).Sum(one => one.Value);

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Assert.That(tags.ToArray().Select(tag => tag.Value), Has.None.EqualTo("acme"));
        if (tags.ToArray().Any(tag => Equals(tag.Value, Limit)))
            _measured.Add((instrument.Name, value));
    }
}
