using LlmKit.Simulator;
using LlmKit.Simulator.Handbooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DeskService;

/// <summary>Both providers in this process, on loopback: they answer from the desk's handbook, at the pace of real ones.</summary>
internal static class SimulatedProviders
{
    private static readonly string Key = string.Concat("simulated", "-", "key");

    /// <summary>Starts them; they end with the services.</summary>
    public static async Task<Providers> StartAsync(IServiceCollection services)
    {
        var options = new SimulatorOptions
        {
            Handbook = Handbook.Parse(ChatPage.Read("handbook.json")),
            Latency = new() { ToHeaders = TimeSpan.FromMilliseconds(150), ToFirstContent = TimeSpan.FromMilliseconds(200), PerChunk = TimeSpan.FromMilliseconds(40), Spread = 0.3 },
        };
        options.ApiKeys.Add(Key);
        var simulator = await ProviderSimulator.StartAsync(options);
        services.AddHostedService(_ => new Ending(simulator));
        return new(Key, Key, simulator.OpenAIEndpoint, simulator.BaseUri);
    }

    private sealed class Ending(ProviderSimulator simulator) : IHostedService, IAsyncDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => simulator.DisposeAsync();
    }
}
