using LlmKit.Models;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Handbooks;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Pipeline;

/// <summary>The sample of the README, on every chat model of the catalogue, over real HTTP and the official SDKs.</summary>
public sealed class DesignSampleTests
{
    private const string Key = "any";

    private static IEnumerable<string> OpenAIModels => ChatModelsOf("openai");

    private static IEnumerable<string> AnthropicModels => ChatModelsOf("anthropic");

    [TestCaseSource(nameof(OpenAIModels))]
    public async Task Sample_WithTheModelAsSmallOne_AnswersWithinItsConstraints(string model) =>
        await RunAsync(model, AnthropicModels.First(), new());

    [TestCaseSource(nameof(AnthropicModels))]
    public async Task Sample_WithTheModelAsStrongOne_AnswersWithinItsConstraints(string model)
    {
        var down = new SimulatorOptions();
        down.Faults.OnModel("gpt-4.1-mini", Fault.Unauthorized());

        await RunAsync("gpt-4.1-mini", model, down);
    }

    private static IEnumerable<string> ChatModelsOf(string provider) => ModelCatalogue.BuiltIn.Entries
        .Where(entry => entry.Provider == provider && entry.MaxOutputTokens is not null)
        .Select(entry => entry.Id);

    private static async Task RunAsync(string small, string strong, SimulatorOptions options)
    {
        options.Handbook = Handbook.Parse("""{"fallback":"The ticket goes to billing.","synonyms":[],"entries":[]}""");
        await using var simulator = await ProviderSimulator.StartAsync(options);
        var builder = new { Services = new ServiceCollection() };
        builder.Services.AddLlmPipeline()
            .AddOpenAIModel("small", small, o => (o.Endpoint, o.ApiKey) = (simulator.OpenAIEndpoint, Key))
            .AddAnthropicModel("strong", strong, o => (o.Endpoint, o.ApiKey) = (simulator.BaseUri, Key))
            .WithConstraints(c => { c.Latency = TimeSpan.FromSeconds(20); c.CostPerCall = 0.05m; })
            .UseTracing()
            .UseGuardrails(g => g.RedactPersonalData().RedactSecrets().BlockPromptInjection())
            .UseBudget(b => b.PerTenant("daily", 20m, BudgetWindow.Daily))
            .UseSemanticCache()
            .UseRouter(r => r.Cascade("small", "strong"))
            .UseResilience();
        await using var services = builder.Services.BuildServiceProvider();
        var chat = services.GetRequiredService<IChatClient>();
        ChatMessage[] messages = [new(ChatRole.User, "Which queue is this ticket for?")];

        var answer = await chat.GetResponseAsync(messages, new LlmCallOptions { Tenant = "acme", User = "u42", Feature = "triage" });

        Assert.That(answer.Text, Is.EqualTo("The ticket goes to billing."));
        Assert.That(answer.GetCall().Constraints, Has.Count.EqualTo(2).And.All.Property("Met").True);
    }
}
