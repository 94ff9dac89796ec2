using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Hosting;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Recording;
using LlmKit.Simulator.Serving;
using Microsoft.AspNetCore.Builder;

namespace LlmKit.Simulator;

/// <summary>A model provider on loopback: it answers from a handbook, keeps its own bill and fails on demand.</summary>
/// <remarks>
/// <para>
/// It speaks OpenAI's chat completions and embeddings, also by Azure's deployment paths, and Anthropic's messages, well enough for
/// the official SDKs. Everything it answers is deterministic: the same options and the same request give the same answer, faults and
/// waits. Parallel sampling (<c>n</c>), stop sequences and log probabilities are ignored.
/// </para>
/// <para>Thread-safe. It listens on 127.0.0.1 only, on a port that the system picks, without TLS; it is made for tests and benchmarks.</para>
/// </remarks>
public sealed class ProviderSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SimulatorEngine _engine;
    private int _disposed;

    private ProviderSimulator(WebApplication app, SimulatorEngine engine)
    {
        _app = app;
        _engine = engine;
        BaseUri = new(app.Urls.First());
    }

    /// <summary>The root of all paths, such as <c>http://127.0.0.1:40123/</c>; Anthropic's SDK takes it as it is.</summary>
    public Uri BaseUri { get; }

    /// <summary>The endpoint for OpenAI's SDK: the root and <c>v1</c>.</summary>
    public Uri OpenAIEndpoint => new(BaseUri, "v1");

    /// <summary>The provider's own bill.</summary>
    public ProviderMeter Meter => _engine.Meter;

    /// <summary>How many requests came, by model and outcome.</summary>
    public RequestCounts Requests => _engine.Requests;

    /// <summary>What the provider received.</summary>
    public ReceivedRequests Received => _engine.Received;

    /// <summary>The faults to play; rules may be added and removed while the simulator runs.</summary>
    public FaultPlan Faults => _engine.Faults;

    /// <summary>Starts a simulator.</summary>
    /// <param name="options">Its settings; nothing takes the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The running simulator; disposing it ends all connections.</returns>
    /// <exception cref="LlmException">The handbook has an incomplete entry or a wrong pattern.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static async Task<ProviderSimulator> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        SimulatorOptionsCheck.Check(options);
        var engine = new SimulatorEngine(options);
        var app = SimulatorHost.Build(engine);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new(app, engine);
    }

    /// <summary>Waits until no request is being served, so that what was abandoned is billed too.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends at the first idle moment.</returns>
    public Task WhenIdleAsync(CancellationToken cancellationToken = default) => _engine.InFlight.WhenIdleAsync().WaitAsync(cancellationToken);

    /// <summary>Ends all connections and stops listening; the books can still be read.</summary>
    /// <returns>A task that ends when the port is free.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        _engine.Stop();
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _engine.Dispose();
    }
}
