using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Observability;

/// <summary>What does being watched cost, and what does it cost when nobody watches?</summary>
public class TracingBenchmark : StageBenchmark
{
    private readonly IChatClient _client = Pipelines.Build(static pipeline => pipeline.UseTracing());
    private readonly IChatClient _longClient = Pipelines.Build(static pipeline => pipeline.UseTracing(), updates: 200);
    private readonly IChatClient _capturing = Pipelines.Build(static pipeline => pipeline.UseTracing(tracing => tracing.CaptureContent = true));
    private Listeners? _listeners;

    [GlobalSetup(Targets = [nameof(MetricsOnly)])]
    public void ListenToMetrics() => _listeners = new(spans: false);

    [GlobalSetup(Targets = [nameof(SpansAndMetrics), nameof(Content), nameof(SpansAndMetricsStreamed)])]
    public void Listen() => _listeners = new(spans: true);

    [GlobalCleanup]
    public void StopListening() => _listeners?.Dispose();

    [Benchmark(Description = "nobody listens"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> NobodyListens() => Ask(_client);

    [Benchmark(Description = "metrics"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> MetricsOnly() => Ask(_client);

    [Benchmark(Description = "spans and metrics"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SpansAndMetrics() => Ask(_client);

    [Benchmark(Description = "spans with content, and metrics"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Content() => Ask(_capturing);

    [Benchmark(Description = "nobody listens, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> NobodyListensStreamed() => ReadAsync(_client);

    [Benchmark(Description = "nobody listens, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> NobodyListensStreamed200() => ReadAsync(_longClient);

    [Benchmark(Description = "spans and metrics, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> SpansAndMetricsStreamed() => ReadAsync(_client);
}
