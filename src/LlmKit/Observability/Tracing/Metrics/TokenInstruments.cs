using System.Diagnostics.Metrics;

namespace LlmKit.Observability.Tracing;

/// <summary>The token metrics of one profile: a histogram by type, or counters for sums beside histograms for the sizes of requests.</summary>
/// <remarks>What no provider reported is never estimated here. Of a failed call the counters say 0, so that its rate can be told.</remarks>
internal sealed class TokenInstruments
{
    private static readonly long[] Counts = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    private readonly Histogram<long>? _byType;
    private readonly Histogram<long>? _inputSizes;
    private readonly Histogram<long>? _outputSizes;
    private readonly Counter<long>? _input;
    private readonly Counter<long>? _output;
    private readonly Counter<long>? _cacheRead;
    private readonly Counter<long>? _cacheWrite;
    private readonly Counter<long>? _reasoning;

    public TokenInstruments(Meter meter, GenAiNames names)
    {
        _byType = Histogram(meter, names.TokenUsageMetric, "The tokens that providers reported.");
        _inputSizes = Histogram(meter, names.OperationInputTokensMetric, "The input tokens of each call.");
        _outputSizes = Histogram(meter, names.OperationOutputTokensMetric, "The output tokens of each call.");
        _input = Counter(meter, names.InputTokensMetric, "The input tokens that providers reported.");
        _output = Counter(meter, names.OutputTokensMetric, "The output tokens that providers reported.");
        _cacheRead = Counter(meter, names.CacheReadTokensMetric, "The input tokens among them that providers read from their caches.");
        _cacheWrite = Counter(meter, names.CacheWriteTokensMetric, "The input tokens among them that providers wrote to their caches.");
        _reasoning = Counter(meter, names.ReasoningTokensMetric, "The output tokens among them that were spent on reasoning.");
    }

    public bool Enabled => IsOn(_byType) || IsOn(_input) || IsOn(_output) || IsOn(_inputSizes) || IsOn(_outputSizes)
        || IsOn(_cacheRead) || IsOn(_cacheWrite) || IsOn(_reasoning);

    public void Record(in AnswerFacts answer, bool failed, MetricTags tags)
    {
        if (!Enabled || (answer.InputTokens is null && answer.OutputTokens is null && !failed))
            return;
        if (_byType is not null)
            RecordByType(_byType, answer, tags);
        else
            Count(answer, failed, tags);
    }

    /// <summary>Records what an embedding used, where the conventions have one metric for all operations.</summary>
    public void RecordInput(long tokens, MetricTags tags) => _byType?.Record(tokens, tags.Input);

    private static void RecordByType(Histogram<long> histogram, in AnswerFacts answer, MetricTags tags)
    {
        if (answer.InputTokens is { } input)
            histogram.Record(input, tags.Input);
        if (answer.OutputTokens is { } output)
            histogram.Record(output, tags.Output);
    }

    private void Count(in AnswerFacts answer, bool failed, MetricTags tags)
    {
        if (answer.InputTokens is { } size)
            _inputSizes?.Record(size, tags.All);
        if (answer.OutputTokens is { } length)
            _outputSizes?.Record(length, tags.All);
        var counted = tags.Counted;
        if (answer.InputTokens is not null || failed)
            _input?.Add(answer.InputTokens ?? 0, counted);
        if (answer.OutputTokens is not null || failed)
            _output?.Add(answer.OutputTokens ?? 0, counted);
        AddSome(_cacheRead, answer.CacheReadTokens, counted);
        AddSome(_cacheWrite, answer.CacheWriteTokens, counted);
        AddSome(_reasoning, answer.ReasoningTokens, counted);
    }

    private static void AddSome(Counter<long>? counter, long tokens, KeyValuePair<string, object?>[] tags)
    {
        if (tokens > 0)
            counter?.Add(tokens, tags);
    }

    private static bool IsOn(Instrument? instrument) => instrument is { Enabled: true };

    private static Histogram<long>? Histogram(Meter meter, string? name, string description) => name is null ? null
        : meter.CreateHistogram(name, "{token}", description, tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = Counts });

    private static Counter<long>? Counter(Meter meter, string? name, string description) =>
        name is null ? null : meter.CreateCounter<long>(name, "{token}", description);
}
