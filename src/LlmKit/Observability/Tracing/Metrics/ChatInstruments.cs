using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit.Observability.Tracing;

/// <summary>The GenAI client metrics of one profile, and the cost of calls. Nobody's name is ever on them.</summary>
internal sealed class ChatInstruments
{
    private static readonly double[] Seconds = [.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly long[] TokenCounts = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];
    private static readonly double[] Usd = [.00001, .00005, .0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 10, 50];

    private readonly GenAiNames _names;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<double> _perChunk;
    private readonly Histogram<double> _cost;

    public ChatInstruments(Meter meter, GenAiNames names)
    {
        _names = names;
        _duration = Histogram(meter, names.DurationMetric, "s", "How long chat operations took, without the time that the reader of a stream took itself.", Seconds);
        _tokens = Histogram(meter, names.TokenUsageMetric, "{token}", "The tokens that providers reported.", TokenCounts);
        _firstChunk = Histogram(meter, names.TimeToFirstChunkMetric, "s", "The time from the request to a stream's first update.", Seconds);
        _perChunk = Histogram(meter, names.TimePerOutputChunkMetric, "s", "The wait for each update of a stream after the first.", Seconds);
        _cost = Histogram(meter, LlmKitDiagnostics.CallCostMetric, "USD", "What calls cost, all their attempts together.", Usd);
    }

    public static ChatInstruments Version141 { get; } = new(LlmKitDiagnostics.Meter, GenAiNames.Version141);

    public bool Enabled => _duration.Enabled || _tokens.Enabled || _cost.Enabled;

    /// <summary>Gets whether a stream has anything to record; its updates are timed only then.</summary>
    public bool StreamEnabled => Enabled || _firstChunk.Enabled || _perChunk.Enabled;

    public TagList Tags(RequestModel model, ChatEndpoint endpoint, string? responseModel)
    {
        TagList tags = [new(_names.OperationName, _names.ChatOperation), new(_names.ProviderName, endpoint.Provider)];
        if (model.MetricName is not null)
            tags.Add(_names.RequestModel, model.MetricName);
        if (responseModel is not null)
            tags.Add(_names.ResponseModel, responseModel);
        if (endpoint.Address is not null)
            tags.Add(_names.ServerAddress, endpoint.Address);
        if (endpoint.Port is not null)
            tags.Add(_names.ServerPort, endpoint.Port);
        return tags;
    }

    public void RecordDuration(TimeSpan duration, string? errorType, in TagList tags)
    {
        if (!_duration.Enabled)
            return;
        if (errorType is null)
        {
            _duration.Record(duration.TotalSeconds, tags);
            return;
        }

        var failed = tags;
        failed.Add(_names.ErrorType, errorType);
        _duration.Record(duration.TotalSeconds, failed);
    }

    public void RecordUsage(in AnswerFacts answer, in TagList tags)
    {
        if (!_tokens.Enabled || (answer.InputTokens is null && answer.OutputTokens is null))
            return;
        var typed = tags;
        typed.Add(_names.TokenType, _names.InputTokenType);
        if (answer.InputTokens is { } input)
            _tokens.Record(input, typed);
        typed[typed.Count - 1] = new(_names.TokenType, _names.OutputTokenType);
        if (answer.OutputTokens is { } output)
            _tokens.Record(output, typed);
    }

    public void RecordFirstChunk(TimeSpan wait, in TagList tags) => _firstChunk.Record(wait.TotalSeconds, tags);

    public void RecordChunk(TimeSpan wait, in TagList tags) => _perChunk.Record(wait.TotalSeconds, tags);

    public void RecordCost(decimal usd, string pipeline, string? feature, in TagList tags)
    {
        if (!_cost.Enabled)
            return;
        var all = tags;
        all.Add(LlmKitDiagnostics.PipelineTag, pipeline);
        if (feature is not null)
            all.Add(LlmKitDiagnostics.FeatureTag, feature);
        _cost.Record((double)usd, all);
    }

    private static Histogram<T> Histogram<T>(Meter meter, string name, string unit, string description, T[] boundaries)
        where T : struct => meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = boundaries });
}
