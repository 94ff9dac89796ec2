using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit.Browser.Tests.Support;

/// <summary>A service with the live page, on a port of its own.</summary>
internal sealed class LiveHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveHost(WebApplication app, MemoryTraceStore store) => (_app, Store) = (app, store);

    public MemoryTraceStore Store { get; }

    public string Address => _app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<LiveHost> StartAsync(
        IEnumerable<TraceRecord> records, string environment = "Development", Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var store = new MemoryTraceStore(20_000, 512L << 20);
        await store.AddAsync([.. records]);
        builder.Services.AddSingleton<ITraceStore>(store);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        if (map is null)
            app.MapLlmTraces();
        else
            map(app);
        await app.StartAsync();
        return new(app, store);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
