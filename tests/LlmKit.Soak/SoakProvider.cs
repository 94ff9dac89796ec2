using LlmKit.Simulator;
using LlmKit.Simulator.Faults;

namespace LlmKit.Soak;

/// <summary>The simulated providers: a plausible pace, and a fifth of the requests goes wrong in some way.</summary>
internal static class SoakProvider
{
    public const string SmallModel = "gpt-4.1-mini";
    public const string StrongModel = "claude-haiku-4-5";

    public static string Key { get; } = string.Concat("soak", "-", "key");

    public static Task<ProviderSimulator> StartAsync(int seed)
    {
        var options = new SimulatorOptions
        {
            Seed = seed,
            ReceivedCapacity = 1,
            Latency = new() { ToHeaders = TimeSpan.FromMilliseconds(150), ToFirstContent = TimeSpan.FromMilliseconds(250), PerChunk = TimeSpan.FromMilliseconds(20), Spread = 0.5, TailProbability = 0.02 },
        };
        options.ApiKeys.Add(Key);
        AddFaults(options.Faults);
        return ProviderSimulator.StartAsync(options);
    }

    private static void AddFaults(FaultPlan faults) => faults
        .ByChance(0.03, Fault.RateLimited(TimeSpan.FromMilliseconds(200), RetryAfterForm.Milliseconds))
        .ByChance(0.01, Fault.RateLimited(TimeSpan.FromSeconds(60)))
        .ByChance(0.03, Fault.ServerError())
        .ByChance(0.02, Fault.Unavailable())
        .ByChance(0.02, Fault.Overloaded())
        .ByChance(0.01, Fault.PromptFiltered())
        .ByChance(0.01, Fault.ResetBeforeHeaders())
        .ByChance(0.01, Fault.SlowHeaders(TimeSpan.FromSeconds(30)))
        .ByChance(0.02, Fault.SlowFirstContent(TimeSpan.FromSeconds(30)))
        .ByChance(0.01, Fault.Stall(1))
        .ByChance(0.01, Fault.Reset(1))
        .ByChance(0.01, Fault.EndsEarly(1))
        .ByChance(0.005, Fault.ErrorInStream(1))
        .ByChance(0.005, Fault.MalformedJson());
}
