using LlmKit;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Quickstart;

/// <summary>The workload through LlmKit: what a service writes in its Program.cs.</summary>
internal static class PipelineRun
{
    public const string BudgetName = "daily";
    public const decimal DailyPerTenant = 5m;
    public const decimal DailyOfTheShortTenant = 0.004m;
    private const double MinSimilarity = 0.90;

    public static ServiceProvider Build(Providers providers)
    {
        var services = new ServiceCollection();
        var pipeline = services.AddLlmPipeline();
        AddModels(pipeline, providers);
        pipeline
            .WithConstraints(c =>
            {
                c.Latency = TimeSpan.FromSeconds(10);
                c.CostPerCall = 0.02m;
            })
            .WithSpendingReport()
            .WithTraces(t => t.Content = true)
            .UseTracing()
            .UseGuardrails(g => g.RedactPersonalData().RedactSecrets().BlockPromptInjection())
            .UseBudget(b => b.PerTenant(BudgetName, DailyPerTenant, BudgetWindow.Daily).For(BudgetName, "dune", DailyOfTheShortTenant))
            .UseSemanticCache(c => c.MinSimilarity = MinSimilarity)
            .UseRouter(r => r.Priority("small", "strong").ForFeature("letters", "strong", "small"))
            .UseResilience(r =>
            {
                r.FirstContentTimeout = TimeSpan.FromSeconds(1.5);
                r.BetweenUpdatesTimeout = TimeSpan.FromSeconds(1);
                r.AttemptTimeout = TimeSpan.FromSeconds(3);
                r.BaseDelay = TimeSpan.FromMilliseconds(50);
            });
        return services.BuildServiceProvider();
    }

    private static void AddModels(LlmPipelineBuilder pipeline, Providers providers)
    {
        if (providers.HasOpenAI)
            pipeline.AddOpenAIModel("small", Providers.SmallModel, o => (o.Endpoint, o.ApiKey) = (providers.OpenAI, providers.OpenAIKey));
        else
            pipeline.AddAnthropicModel("small", Providers.StrongModel, o => (o.Endpoint, o.ApiKey) = (providers.Anthropic, providers.AnthropicKey));
        if (providers.HasAnthropic)
            pipeline.AddAnthropicModel("strong", Providers.StrongModel, o => (o.Endpoint, o.ApiKey) = (providers.Anthropic, providers.AnthropicKey));
        else
            pipeline.AddOpenAIModel("strong", Providers.OpenAIStrongModel, o => (o.Endpoint, o.ApiKey) = (providers.OpenAI, providers.OpenAIKey));
        if (providers.HasOpenAI)
            pipeline.AddOpenAIEmbeddings("embed", Providers.EmbeddingModel, o => (o.Endpoint, o.ApiKey) = (providers.OpenAI, providers.OpenAIKey));
    }
}
