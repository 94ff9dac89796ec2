using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit.Observability.Tracing;

/// <summary>The GenAI client metrics of one profile, and the cost of calls. Nobody's name is ever on them.</summary>
internal sealed class ChatInstruments
{
    internal static readonly double[] Seconds = [.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] Usd = [.00001, .00005, .0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 10, 50];

    private readonly GenAiNames _names;
    private readonly Histogram<double>? _duration;
    private readonly TokenInstruments? _tokens;
    private readonly Histogram<double>? _firstChunk;
    private readonly Histogram<double>? _perChunk;
    private readonly Histogram<double> _cost;
    private readonly Counter<long> _unpriced;

    private ChatInstruments(Meter meter, GenAiNames names, bool onlyCost = false)
    {
        _names = names;
        _cost = Histogram(meter, LlmKitDiagnostics.CallCostMetric, "USD", "What calls cost, all their attempts together.", Usd);
        _unpriced = meter.CreateCounter<long>(LlmKitDiagnostics.CostUnknownMetric, "{call}", "Calls that used tokens whose price is not known, so that their cost is not.");
        if (onlyCost)
            return;
        _duration = Histogram(meter, names.DurationMetric, "s", "How long chat operations took, without the time that the reader of a stream took itself.", Seconds);
        EmbeddingsDuration = names.EmbeddingsDurationMetric == names.DurationMetric ? _duration
            : Histogram(meter, names.EmbeddingsDurationMetric, "s", "How long embeddings took.", Seconds);
        _tokens = new(meter, names);
        _firstChunk = Histogram(meter, names.TimeToFirstChunkMetric, "s", "The time from the request to a stream's first update.", Seconds);
        _perChunk = Histogram(meter, names.TimePerOutputChunkMetric, "s", "The wait for each update of a stream after the first.", Seconds);
    }

    public static ChatInstruments Version141 => First.Instance;

    /// <summary>Gets the instruments of a profile, made when it is first used: those of the other one are never seen where nobody asks for it.</summary>
    public static ChatInstruments Of(GenAiNames names) => ReferenceEquals(names, GenAiNames.Next) ? Second.Instance : First.Instance;

    /// <summary>Gets instruments without those of the conventions, for calls that somebody else reports: cost is LlmKit's own.</summary>
    public static ChatInstruments OnlyCost { get; } = new(LlmKitDiagnostics.Meter, GenAiNames.Version141, onlyCost: true);

    /// <summary>Gets the time that embeddings take, of which the conventions may have a metric of its own; <see langword="null"/> where only cost is told.</summary>
    public Histogram<double>? EmbeddingsDuration { get; }

    /// <summary>Gets the token metrics; <see langword="null"/> where only cost is told.</summary>
    public TokenInstruments? Tokens => _tokens;

    public bool Enabled => _duration is { Enabled: true } || _tokens is { Enabled: true } || _cost.Enabled || _unpriced.Enabled;

    /// <summary>Gets whether a stream has anything to record; its updates are timed only then.</summary>
    public bool StreamEnabled => Enabled || _firstChunk is { Enabled: true } || _perChunk is { Enabled: true };

    public void RecordDuration(TimeSpan duration, string? errorType, MetricTags tags)
    {
        if (_duration is not { Enabled: true })
            return;
        _duration.Record(duration.TotalSeconds, errorType is null ? tags.All : tags.With(_names.ErrorType, errorType));
    }

    public void RecordUsage(in AnswerFacts answer, bool failed, MetricTags tags) => _tokens?.Record(answer, failed, tags);

    public void RecordFirstChunk(TimeSpan wait, MetricTags tags) => _firstChunk?.Record(wait.TotalSeconds, tags.All);

    public void RecordChunk(TimeSpan wait, MetricTags tags) => _perChunk?.Record(wait.TotalSeconds, tags.All);

    public void RecordCost(decimal usd, string pipeline, string? feature, MetricTags tags)
    {
        if (!_cost.Enabled)
            return;
        var all = new TagList(tags.All);
        all.Add(LlmKitDiagnostics.PipelineTag, pipeline);
        if (feature is not null)
            all.Add(LlmKitDiagnostics.FeatureTag, feature);
        _cost.Record((double)usd, all);
    }

    /// <summary>Counts a call whose cost nobody knows: where it is missing it must not pass for free.</summary>
    public void CountUnpriced(string pipeline, MetricTags tags)
    {
        if (!_unpriced.Enabled)
            return;
        var all = new TagList(tags.All);
        all.Add(LlmKitDiagnostics.PipelineTag, pipeline);
        _unpriced.Add(1, all);
    }

    private static Histogram<T> Histogram<T>(Meter meter, string name, string unit, string description, T[] boundaries)
        where T : struct => meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = boundaries });

    private static class First
    {
        public static readonly ChatInstruments Instance = new(LlmKitDiagnostics.Meter, GenAiNames.Version141);
    }

    private static class Second
    {
        public static readonly ChatInstruments Instance = new(LlmKitDiagnostics.Meter, GenAiNames.Next);
    }
}
