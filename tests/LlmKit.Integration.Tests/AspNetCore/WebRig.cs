using System.Net;
using System.Security.Claims;
using LlmKit.AspNetCore;
using LlmKit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Integration.Tests.AspNetCore;

/// <summary>A service on loopback with one pipeline over scripted models. Who asks says so in a header, which stands for a sign-in.</summary>
internal sealed class WebRig : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebRig(WebApplication app)
    {
        _app = app;
        Client = new() { BaseAddress = new(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a service with <c>/plain</c> and <c>/stream</c>, and what a test maps itself.</summary>
    public static async Task<WebRig> StartAsync(
        IChatClient model, Action<LlmPipelineBuilder>? stages = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null,
        Action<LlmEventOptions>? events = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddLlmHttpIdentity().AddLlmProblemDetails().AddLogging();
        services?.Invoke(builder.Services);
        var pipeline = builder.Services.AddLlmPipeline().AddModel("main", _ => model, o => o.Price = new(1, 1));
        stages?.Invoke(pipeline);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.Use(SignIn);
        app.UseRouting();
        app.UseLlmHttpIdentity();
        app.MapGet("/plain", async (IChatClient chat, HttpContext context) => (await chat.GetResponseAsync("Hello.", LlmHttp.OptionsFor(context), context.RequestAborted)).Text);
        app.MapGet("/stream", (IChatClient chat, HttpContext context) => LlmResults.ServerSentEvents(
            chat.GetStreamingResponseAsync("Hello.", LlmHttp.OptionsFor(context)), events));
        map?.Invoke(app);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Starts a service over one scripted model.</summary>
    public static Task<WebRig> StartAsync(params ScriptedAnswer[] answers) => StartAsync(new ScriptedChatClient(answers));

    public async Task<HttpResponseMessage> GetAsync(string path, string? who = "acme/ada", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (who is not null)
            request.Headers.Add("Signed-In", who);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task SignIn(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["Signed-In"] is [{ } who])
        {
            var parts = who.Split('/');
            Claim[] claims = parts.Length > 1 ? [new("tenant", parts[0]), new("sub", parts[1])] : [new("sub", who)];
            context.User = new(new ClaimsIdentity(claims, "test"));
        }

        return next(context);
    }
}
