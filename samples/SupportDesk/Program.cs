using System.Security.Claims;
using LlmKit;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DeskService;

/// <summary>A support desk as a web service: a chat page, and the pipeline behind it.</summary>
internal static class Program
{
    private const string DefaultAddress = "http://127.0.0.1:5080";

    public static async Task Main(string[] args) => await (await CreateAsync(args)).RunAsync();

    /// <summary>Composes the service. Without keys in the environment its models are simulated, in this process.</summary>
    public static async Task<WebApplication> CreateAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Development,
        });
        builder.Configuration["urls"] ??= DefaultAddress;
        var providers = Providers.FromEnvironment() ?? await SimulatedProviders.StartAsync(builder.Services);

        var pipeline = builder.Services.AddLlmPipeline()
            .WithConstraints(c => (c.Latency, c.CostPerCall) = (TimeSpan.FromSeconds(20), 0.05m))
            .WithSpendingReport()
            .WithTraces()
            .UseTracing()
            .UseGuardrails(g =>
            {
                g.RedactPersonalData().RedactSecrets().BlockPromptInjection();
                g.WhenBlocked = WhenBlocked.Throw;
            })
            .UseBudget(b => b.PerTenant("daily", 5m, BudgetWindow.Daily).For("daily", "dune", 0.0005m))
            .UseIdempotency()
            .UseSemanticCache()
            .UseRouter(r => r.Priority("small", "strong"))
            .UseResilience();
        providers.AddModels(pipeline);

        builder.Services.AddLlmHttpIdentity().AddLlmProblemDetails();
        builder.Services.AddHealthChecks().AddLlmModels().AddLlmStores();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(DeskLogin.Configure);
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseLlmHttpIdentity();

        ChatPage.Map(app);
        DeskLogin.Map(app);
        app.MapHealthChecks("/health");
        app.MapPost("/chat/stream", (Question question, IChatClient chat, HttpContext context) => LlmResults.ServerSentEvents(
            chat.GetStreamingResponseAsync(question.ToMessages(context.User), LlmHttp.OptionsFor(context, "chat")))).RequireAuthorization();
        app.MapPost("/chat", async (Question question, IChatClient chat, HttpContext context, CancellationToken cancellationToken) =>
            Answer.Of(await chat.GetResponseAsync(question.ToMessages(context.User), LlmHttp.OptionsFor(context, "chat"), cancellationToken))).RequireAuthorization();
        app.MapGet("/spending", async (LlmSpending spending, ClaimsPrincipal user) =>
            Results.Content((await spending.ReportAsync(user.FindFirstValue("tenant"))).ToHtml(), "text/html; charset=utf-8")).RequireAuthorization();
        return app;
    }
}
