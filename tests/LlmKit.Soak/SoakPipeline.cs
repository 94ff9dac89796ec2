using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Execution.Idempotency;
using LlmKit.Execution.Resilience;
using LlmKit.Internal.RateLimiting;
using LlmKit.Simulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Soak;

/// <summary>Every stage over both SDKs, with limits on time that the faults reach.</summary>
internal sealed class SoakPipeline : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    // Fewer than call at once, so that some wait; and all of them may, for one that is refused asks again at once.
    private const int MostWaiting = 2_000;
    private const int MostOfATenant = 150;
    private const int MostOnAModel = 400;

    private const string Limit = "everybody";
    private readonly ServiceProvider _services;

    public SoakPipeline(ProviderSimulator simulator)
    {
        Ledger = new(Time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time).AddSingleton<IBudgetLedger>(Ledger);
        services.AddLlmPipeline()
            .AddOpenAIModel("small", SoakProvider.SmallModel, options => (options.Endpoint, options.ApiKey, options.Limits.Concurrent, options.Limits.Queue) = (simulator.OpenAIEndpoint, SoakProvider.Key, MostOnAModel, MostWaiting))
            .AddAnthropicModel("strong", SoakProvider.StrongModel, options => (options.Endpoint, options.ApiKey, options.Limits.Concurrent, options.Limits.Queue) = (simulator.BaseUri, SoakProvider.Key, MostOnAModel, MostWaiting))
            .WithConstraints(constraints => constraints.Latency = Deadline)
            .UseTracing()
            .UseGuardrails(rails => rails.RedactPersonalData().RedactSecrets().BlockPromptInjection())
            .UseBudget(budget => budget.Global(Limit, 1_000_000m, BudgetWindow.Lifetime))
            .UseIdempotency(idempotency => (idempotency.Window, idempotency.MaxEntries) = (TimeSpan.FromSeconds(30), 2_000))
            .UseRateLimits(limits => limits.PerTenant("tenants", requests: 1_000_000, tokens: 1_000_000_000, concurrent: MostOfATenant).Queue = MostWaiting)
            .UseSemanticCache(cache => cache.MaxEntries = 500)
            .UseRouter(router => router.Hedge(hedging => hedging.Delay = TimeSpan.FromSeconds(2)))
            .UseHedging(hedging => (hedging.Delay, hedging.Percentile) = (TimeSpan.FromSeconds(1), 0.95))
            .UseResilience(resilience =>
            {
                resilience.FirstContentTimeout = TimeSpan.FromSeconds(1.5);
                resilience.BetweenUpdatesTimeout = TimeSpan.FromSeconds(1);
                resilience.AttemptTimeout = TimeSpan.FromSeconds(2);
                resilience.BaseDelay = TimeSpan.FromMilliseconds(50);
                // A machine that starts slowly must not spend the run behind open circuits.
                (resilience.FailureRatio, resilience.MinimumThroughput, resilience.BreakDuration) = (0.9, 100, TimeSpan.FromSeconds(1));
            });
        _services = services.BuildServiceProvider();
        RateLimiter = _services.GetRequiredService<RateLimiter>();
        Chat = _services.GetRequiredService<IChatClient>();
    }

    public CountingTime Time { get; } = new();

    public InMemoryBudgetLedger Ledger { get; }

    public RateLimiter RateLimiter { get; }

    public IChatClient Chat { get; }

    /// <summary>Gets how many permits of half-open circuits were not given back.</summary>
    public int PermitsOut => new[] { "small", "strong" }.Sum(model => Chat.GetService<ResilienceChatClient>(model)!.ProbesOut);

    /// <summary>Gets how many requests under a key are still on their way.</summary>
    public int FlightsOut => Chat.GetService<IdempotencyChatClient>()!.Flights.Count;

    public async Task<decimal> SpentAsync() =>
        (await Ledger.ReadAsync(new(Limit, BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue), DateTimeOffset.MaxValue, CancellationToken.None)).Spent.Money.ToUsd();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
