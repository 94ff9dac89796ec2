using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Observability.Tracing;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Observability;

/// <summary>What does the tracer add to a call that is open already, on the call's own way?</summary>
public class TracingInsideBenchmark : StageBenchmark
{
    private const int Records = 4_096;
    private const int Kept = 1_024;
    private const int Steps = 8;

    private static readonly ChatMessage[] TenKilobytes = [.. Enumerable.Range(0, 9).Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i} {Conversation.Answer.Text}"))];

    private readonly InstantChatClient _model = new();
    private readonly TracingChatClient _tracer = new(new InstantChatClient());
    private readonly TracingChatClient _longTracer = new(new InstantChatClient(updates: 200));
    private readonly TracingChatClient _capturing = new(new InstantChatClient(), new() { CaptureContent = true });
    private readonly TracingChatClient _recording = RecordingTracer.Around(new InstantChatClient());
    private readonly TracingChatClient _deciding = new(new DecidingChatClient(Steps));
    private readonly ChatOptions _inside = InsideCall();
    private readonly MemoryTraceStore _ring = new(Kept);
    private readonly TraceRecord[][] _records = [.. Enumerable.Range(0, Records).Select(Record)];
    private Listeners? _listeners;
    private int _next;

    [GlobalSetup(Target = nameof(Metrics))]
    public void ListenToMetrics() => _listeners = new(spans: false);

    [GlobalSetup(Targets = [nameof(Span), nameof(SpanWithContent), nameof(SpanWithSteps), nameof(SpanStreamed), nameof(SpanStreamed200)])]
    public void ListenToSpans() => _listeners = new(spans: true, metrics: false);

    [GlobalCleanup]
    public void StopListening() => _listeners?.Dispose();

    [Benchmark(Description = "bare inner client, inside a call"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> BareInside() => Ask(_model, _inside);

    [Benchmark(Description = "nobody listens"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> NobodyListens() => Ask(_tracer, _inside);

    [Benchmark(Description = "metrics"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Metrics() => Ask(_tracer, _inside);

    [Benchmark(Description = "a span without content"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Span() => Ask(_tracer, _inside);

    [Benchmark(Description = "a span with 10 kB of content"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SpanWithContent() => _capturing.GetResponseAsync(TenKilobytes, _inside);

    [Benchmark(Description = "nobody listens to eight decisions, the call included"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> StepsUnheard() => Ask(_deciding);

    [Benchmark(Description = "a span with eight decisions, the call included"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SpanWithSteps() => Ask(_deciding);

    [Benchmark(Description = "a record with 10 kB of content"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Store() => _recording.GetResponseAsync(TenKilobytes, _inside);

    [Benchmark(Description = "a record into a full ring"), BenchmarkCategory(Plain)]
    public ValueTask RingAppend() => _ring.AddAsync(_records[_next++ % Records]);

    [Benchmark(Description = "nobody listens, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> NobodyListensStreamed() => ReadAsync(_tracer, _inside);

    [Benchmark(Description = "nobody listens, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> NobodyListensStreamed200() => ReadAsync(_longTracer, _inside);

    [Benchmark(Description = "a span, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> SpanStreamed() => ReadAsync(_tracer, _inside);

    [Benchmark(Description = "a span, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> SpanStreamed200() => ReadAsync(_longTracer, _inside);

    private static ChatOptions InsideCall()
    {
        CallOpener.Open(CallSetup.Alone("bare", time: null, logger: null), Conversation.Options, scope: null, streaming: false, out var inside);
        return inside;
    }

    private static TraceRecord[] Record(int number) =>
    [
        new()
        {
            Id = $"call-{number}", TraceId = $"trace-{number}", Name = "chat instant", StartedAt = DateTimeOffset.UnixEpoch, Tenant = "acme", User = "u42",
            Input = [new("""{"role":"user","parts":[]}"""u8.ToArray())], Output = [new(System.Text.Encoding.UTF8.GetBytes($"[{number}]"))],
        },
    ];
}
