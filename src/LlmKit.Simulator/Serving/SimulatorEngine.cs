using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Embeddings;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Recording;

namespace LlmKit.Simulator.Serving;

/// <summary>What all requests share: a snapshot of the options, the models' knowledge, the books.</summary>
internal sealed class SimulatorEngine(SimulatorOptions options) : IDisposable
{
    private readonly HashSet<string> _keys = [.. options.ApiKeys];
    private readonly HashSet<string> _models = [.. options.Models];
    private readonly Dictionary<string, int> _windows = new(options.ContextWindows);
    private readonly Dictionary<string, int> _reasoning = new(options.ReasoningTokens);
    private readonly Dictionary<string, SimulatorLatency> _latencies = new(options.ModelLatencies);
    private readonly SimulatorLatency _latency = options.Latency;
    private readonly TryCounter _tries = new();
    private readonly CancellationTokenSource _stopping = new();
    private long _number;

    public FaultPlan Faults { get; } = options.Faults;

    public ProviderMeter Meter { get; } = new();

    public RequestCounts Requests { get; } = new();

    public ReceivedRequests Received { get; } = new(options.ReceivedCapacity);

    public InFlight InFlight { get; } = new();

    public Answerer Answerer { get; } = new(options.Handbook, new HashSet<string>(options.WeakModels), options.ObeysInjection);

    public TextEmbedder Embedder { get; } = new(options.Handbook.Synonyms);

    public PromptCache PromptCache { get; } = new(options.PromptCacheMinTokens);

    public RequestQuota Quota { get; } = new(options.RequestsPerMinute, options.TimeProvider);

    public TimeProvider Clock { get; } = options.TimeProvider;

    public int WordsPerChunk { get; } = options.WordsPerChunk;

    public int Seed { get; } = options.Seed;

    public CancellationToken Stopping => _stopping.Token;

    public long NextNumber() => Interlocked.Increment(ref _number);

    public int NextTry(ulong fingerprint) => _tries.Next(fingerprint);

    public bool Accepts(string? key) => _keys.Count == 0 || (key is not null && _keys.Contains(key));

    public bool Knows(string model) => _models.Count == 0 || _models.Contains(model);

    public int? WindowOf(string model) => _windows.TryGetValue(model, out var tokens) ? tokens : null;

    public int ReasoningOf(string model) => _reasoning.GetValueOrDefault(model);

    public SimulatorLatency LatencyOf(string model) => _latencies.GetValueOrDefault(model) ?? _latency;

    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
