using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>Hears what is counted for the test that made it, and for none that runs beside it.</summary>
internal sealed class IdempotencyMetrics : IDisposable
{
    private static readonly AsyncLocal<IdempotencyMetrics?> Listening = new();

    private readonly MeterListener _listener = new();
    private readonly Action<string> _heard;

    public IdempotencyMetrics(Action<string>? heard = null)
    {
        _heard = heard ?? (_ => { });
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == LlmKitDiagnostics.MeterName && instrument.Name.StartsWith("llmkit.idempotency.", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
        Listening.Value = this;
    }

    /// <summary>Gets each measurement as its instrument, its value and its tags.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    public void Dispose() => _listener.Dispose();

    private void Hear(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Listening.Value != this)
            return;
        var measurement = $"{instrument.Name} {value}{string.Concat(tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}"))}";
        Seen.Enqueue(measurement);
        _heard(measurement);
    }
}
