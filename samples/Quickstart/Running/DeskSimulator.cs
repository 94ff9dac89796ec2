using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Handbooks;
using LlmKit.Simulator.Metering;

namespace Quickstart;

/// <summary>The simulated providers of one run: the desk's handbook, a plausible pace, and faults all along.</summary>
internal static class DeskSimulator
{
    private const int OutageFrom = 150;
    private const int OutageTo = 175;

    public static string FaultsInWords { get; } =
        $"429, 500, 503, 529 about 10 % of the requests; resets, stalls, silent ends and error events about 6 % of the streams; malformed answers 2 %; the small model down from its {OutageFrom}th to its {OutageTo}th request";

    public static Task<ProviderSimulator> StartAsync(int seed)
    {
        var options = new SimulatorOptions
        {
            Handbook = Handbook.Parse(BundledFile.Read(BundledFile.Handbook)),
            Seed = seed,
            Latency = Pace(40, 60),
        };
        options.ApiKeys.Add(Key);
        options.ModelLatencies[Providers.StrongModel] = Pace(60, 90);
        options.ModelLatencies[Providers.EmbeddingModel] = Pace(5, 0);
        AddFaults(options.Faults);
        return ProviderSimulator.StartAsync(options);
    }

    public static string Key { get; } = string.Concat("simulated", "-", "key");

    public static Providers Address(ProviderSimulator simulator) =>
        new(simulator.OpenAIEndpoint, Key, simulator.BaseUri, Key);

    /// <summary>What the provider's own meter says that the run cost.</summary>
    public static decimal Bill(ProviderSimulator simulator) => simulator.Meter.Snapshot().Cost(model =>
    {
        var price = Providers.PriceOf(model);
        return new TokenPrices(price.InputPerMillion, price.OutputPerMillion, price.CachedInputPerMillion, price.CacheWritePerMillion);
    });

    private static void AddFaults(FaultPlan faults)
    {
        var downRequests = 0;
        faults
            .When(request => request.Model == Providers.SmallModel && Interlocked.Increment(ref downRequests) is >= OutageFrom and <= OutageTo, Fault.Unavailable())
            .ByChance(0.02, Fault.RateLimited(TimeSpan.FromMilliseconds(120), RetryAfterForm.Milliseconds), IsChat, firstTries: 2)
            .ByChance(0.01, Fault.RateLimited(TimeSpan.FromSeconds(1)), IsChat, firstTries: 1)
            .ByChance(0.01, Fault.RateLimited(TimeSpan.FromSeconds(1), RetryAfterForm.HttpDate), IsChat, firstTries: 1)
            .ByChance(0.03, Fault.ServerError(), IsChat, firstTries: 2)
            .ByChance(0.02, Fault.Unavailable(), IsChat, firstTries: 1)
            .ByChance(0.02, Fault.Overloaded(), IsChat, firstTries: 1)
            .ByChance(0.02, Fault.MalformedJson(), request => IsChat(request) && !request.IsStream, firstTries: 1)
            .ByChance(0.01, Fault.ResetBeforeHeaders(), IsStream, firstTries: 1)
            .ByChance(0.02, Fault.SlowFirstContent(TimeSpan.FromSeconds(3)), IsStream, firstTries: 1)
            .ByChance(0.02, Fault.EndsEarly(4), IsStream, firstTries: 1)
            .ByChance(0.02, Fault.Reset(5), IsStream, firstTries: 1)
            .ByChance(0.01, Fault.ErrorInStream(4), IsStream, firstTries: 1)
            .ByChance(0.01, Fault.Stall(6), IsStream, firstTries: 1);
    }

    private static bool IsChat(FaultRequest request) => request.Model != Providers.EmbeddingModel;

    private static bool IsStream(FaultRequest request) => request.IsStream;

    private static SimulatorLatency Pace(int headers, int content) => new()
    {
        ToHeaders = TimeSpan.FromMilliseconds(headers),
        ToFirstContent = TimeSpan.FromMilliseconds(content),
        PerChunk = TimeSpan.FromMilliseconds(1),
        Spread = 0.3,
        TailProbability = 0.02,
        TailFactor = 4,
    };
}
