using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>Listens to everything of LlmKit's and drops it, as an exporter with an empty sink would.</summary>
internal sealed class Listeners : IDisposable
{
    private readonly ActivityListener? _spans;
    private readonly MeterListener _metrics = new();

    public Listeners(bool spans, bool metrics = true)
    {
        if (spans)
        {
            _spans = new()
            {
                ShouldListenTo = static source => source.Name.StartsWith(LlmKitDiagnostics.ActivitySourceName, StringComparison.Ordinal),
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            };
            ActivitySource.AddActivityListener(_spans);
        }

        _metrics.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(LlmKitDiagnostics.MeterName, StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _metrics.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        if (metrics)
            _metrics.Start();
    }

    public void Dispose()
    {
        _spans?.Dispose();
        _metrics.Dispose();
    }
}
