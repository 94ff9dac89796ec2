using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Execution.Resilience;
using LlmKit.Integration.Tests.Simulator;
using LlmKit.Integration.Tests.Support;
using LlmKit.Simulator;
using LlmKit.Simulator.Metering;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Integration.Tests.Execution;

/// <summary>A composed pipeline over real HTTP: a first model that a fault befalls, and a healthy second one of the other provider.</summary>
internal sealed class FaultRig : IAsyncDisposable
{
    public const int MaxRetries = 2;
    public static readonly TimeSpan BaseDelay = TimeSpan.FromSeconds(1);

    private const string First = "m-first";
    private const string Second = "m-second";
    private const decimal InputPrice = 1m;
    private const decimal OutputPrice = 2m;

    private readonly SharedTime _time;
    private readonly ProviderSimulator _simulator;
    private readonly ServiceProvider _services;
    private readonly IChatClient _chat;
    private readonly List<LlmCall> _completed = [];

    private FaultRig(SharedTime time, ProviderSimulator simulator, bool openAI, bool hasSecond)
    {
        _time = time;
        _simulator = simulator;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        var pipeline = services.AddLlmPipeline();
        AddModel(pipeline, "first", First, openAI);
        if (hasSecond)
            AddModel(pipeline, "second", Second, !openAI);
        pipeline.UseBudget(budget => budget.Global("all", 1_000m, BudgetWindow.Lifetime)).UseRouter().UseResilience(Configure);
        _services = services.BuildServiceProvider();
        _chat = _services.GetRequiredService<IChatClient>();
    }

    public long FirstRequests => _simulator.Requests.Count(First);

    public long SecondRequests => _simulator.Requests.Count(Second);

    /// <summary>Gets whether the first model's health has suffered: its circuit opens with the first failure that counts.</summary>
    public bool IsFirstUnwell => _chat.GetService<CircuitSnapshot>("first")!.State == CircuitState.Open;

    /// <summary>Gets what the provider charges for all of it, in USD.</summary>
    public decimal Bill => new[] { First, Second }.Sum(model => new TokenPrices(InputPrice, OutputPrice).CostOf(_simulator.Meter.Snapshot().Of(model).Tokens));

    /// <summary>Starts the provider and builds the pipeline.</summary>
    /// <param name="line">The fault.</param>
    /// <param name="openAI">Whether the first model is OpenAI's.</param>
    /// <param name="once">Whether only the first try goes wrong, and there is no second model; otherwise all do, and there is one.</param>
    public static async Task<FaultRig> StartAsync(FaultCase line, bool openAI, bool once)
    {
        var time = new SharedTime();
        var simulator = await Sample.StartAsync(options =>
        {
            options.TimeProvider = time.Provider;
            options.ApiKeys.Add(Sample.Key);
            options.Faults.OnModel(First, line.Fault, once ? 1 : int.MaxValue);
        });
        return new(time, simulator, openAI, hasSecond: !once);
    }

    /// <summary>Asks, and notes what the caller gets to see.</summary>
    /// <param name="streamed">Whether for a stream.</param>
    /// <param name="shown">The text after which the stream breaks: nothing breaks before the caller has seen it.</param>
    /// <param name="token">Ends a test that hangs.</param>
    public async Task<Seen> AskAsync(bool streamed, string shown, CancellationToken token)
    {
        var seen = new Seen();
        var options = new LlmCallOptions { OnCompleted = _completed.Add };
        try
        {
            if (streamed)
                await ReadAsync(seen, options, shown, token);
            else
                await AnswerAsync(seen, options, token);
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            seen.Exception = exception;
        }

        seen.Call = _completed.Single();
        return seen;
    }

    /// <summary>Waits until the call has settled and the provider serves nobody any more.</summary>
    public async Task SettleAsync(CancellationToken token)
    {
        await _completed.Single().WhenSettled.WaitAsync(token);
        await _simulator.WhenIdleAsync(token);
    }

    public ValueTask<BudgetBalance> BalanceAsync() =>
        _services.GetRequiredService<IBudgetLedger>().ReadAsync(new("all", BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue), DateTimeOffset.MaxValue, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    private async Task AnswerAsync(Seen seen, LlmCallOptions options, CancellationToken token)
    {
        _time.Release();
        var response = await _chat.GetResponseAsync(Sample.Question, options, token);
        (seen.Text, seen.FinishReason) = (response.Text, response.FinishReason);
    }

    private async Task ReadAsync(Seen seen, LlmCallOptions options, string shown, CancellationToken token)
    {
        await using var updates = _chat.GetStreamingResponseAsync(Sample.Question, options, token).GetAsyncEnumerator(token);
        while (true)
        {
            var move = updates.MoveNextAsync();
            // The limit between updates runs by now: what is waited for is what never comes.
            if (seen.Text == shown)
                _time.Release();
            if (!await move)
                return;
            seen.Text += updates.Current.Text;
            seen.FinishReason = updates.Current.FinishReason ?? seen.FinishReason;
        }
    }

    private void AddModel(LlmPipelineBuilder pipeline, string name, string id, bool openAI)
    {
        if (openAI)
            pipeline.AddOpenAIModel(name, id, options => (options.ApiKey, options.Endpoint, options.InputPerMillion, options.OutputPerMillion) = (Sample.Key, _simulator.OpenAIEndpoint, InputPrice, OutputPrice));
        else
            pipeline.AddAnthropicModel(name, id, options => (options.ApiKey, options.Endpoint, options.InputPerMillion, options.OutputPerMillion) = (Sample.Key, _simulator.BaseUri, InputPrice, OutputPrice));
    }

    private static void Configure(ResilienceOptions options)
    {
        options.MaxRetries = MaxRetries;
        options.BaseDelay = BaseDelay;
        options.Randomizer = () => 0;
        options.AttemptTimeout = options.FirstContentTimeout = TimeSpan.FromSeconds(10);
        options.BetweenUpdatesTimeout = TimeSpan.FromSeconds(5);
        // The first failure that counts shows, and keeps nobody from trying again.
        (options.ObserveCircuit, options.FailureRatio, options.MinimumThroughput, options.BreakDuration, options.LastResort) = (true, 0.01, 1, TimeSpan.FromDays(1), false);
    }
}
