using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Records every span and measurement of LlmKit while it lives. Tests run in parallel, so ask it by a name of your own.</summary>
internal sealed class TelemetryRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<Measurement> _measurements = new();
    private readonly ActivityListener? _activities;
    private readonly MeterListener? _meters;

    public TelemetryRecorder(bool spans = true, bool metrics = true, ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        if (spans)
        {
            _activities = new()
            {
                ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                {
                    Sampled.Enqueue([.. options.Tags ?? []]);
                    return sampling;
                },
                ActivityStopped = Keep,
            };
            ActivitySource.AddActivityListener(_activities);
        }

        if (metrics)
            _meters = Listen();
    }

    public ConcurrentQueue<KeyValuePair<string, object?>[]> Sampled { get; } = new();

    /// <summary>Completed by the first chat span of a name; a test may wait for it.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource<Activity>> Awaited { get; } = new();

    public Activity[] Chats(string tag, string value) =>
        [.. _spans.Where(span => span.Kind == ActivityKind.Client && value.Equals(span.GetTagItem(tag)))];

    public Activity Chat(string tag, string value) => Chats(tag, value).Single();

    public Activity[] Children(Activity parent) => [.. _spans.Where(span => span.ParentSpanId == parent.SpanId)];

    public Measurement[] Measurements(string instrument, string tag, string value) =>
        [.. _measurements.Where(measurement => measurement.Instrument == instrument && value.Equals(measurement.Tags.GetValueOrDefault(tag)))];

    public Measurement[] All(string tag, string value) =>
        [.. _measurements.Where(measurement => value.Equals(measurement.Tags.GetValueOrDefault(tag)))];

    /// <summary>Gives all that was recorded, of every test that ran meanwhile, as texts to search.</summary>
    public IEnumerable<string> Everything() =>
    [
        .. _spans.Select(span => $"{span.DisplayName} {span.StatusDescription} {string.Join(" ", span.TagObjects)} {string.Join(" ", span.Events.SelectMany(e => e.Tags))}"),
        .. _measurements.Select(measurement => $"{measurement.Instrument} {string.Join(" ", measurement.Tags)}"),
    ];

    public void Dispose()
    {
        _activities?.Dispose();
        _meters?.Dispose();
    }

    private void Keep(Activity span)
    {
        _spans.Enqueue(span);
        if (span.GetTagItem(LlmKitDiagnostics.FeatureTag) is string feature && Awaited.TryGetValue(feature, out var awaited))
            awaited.TrySetResult(span);
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == LlmKitDiagnostics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue(new(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));

    internal sealed record Measurement(string Instrument, double Value, Dictionary<string, object?> Tags);
}
