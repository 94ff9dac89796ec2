using System.Net;
using LlmKit.Simulator.Serving;
using LlmKit.Simulator.Wire.Anthropic;
using LlmKit.Simulator.Wire.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmKit.Simulator.Hosting;

/// <summary>Puts the endpoints on a web server at loopback, free of the environment's settings.</summary>
internal static class SimulatorHost
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    public static WebApplication Build(SimulatorEngine engine)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        // A flush then ends when the bytes are with the client's socket: a reset that follows cannot overtake them.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 1);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);

        var app = builder.Build();
        Map(app, engine);
        return app;
    }

    private static void Map(WebApplication app, SimulatorEngine engine)
    {
        var openAI = new ChatEndpoint(engine, new OpenAIFormat());
        var embeddings = new EmbeddingsEndpoint(engine);
        app.MapPost("/v1/chat/completions", openAI.HandleAsync);
        app.MapPost("/v1/messages", new ChatEndpoint(engine, new AnthropicFormat()).HandleAsync);
        app.MapPost("/v1/embeddings", embeddings.HandleAsync);
        foreach (var path in new[] { "/openai/deployments/{deployment}", "/openai/v1" })
        {
            app.MapPost(path + "/chat/completions", openAI.HandleAsync);
            app.MapPost(path + "/embeddings", embeddings.HandleAsync);
        }
    }
}
