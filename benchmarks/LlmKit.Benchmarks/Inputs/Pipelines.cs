using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>Builds pipelines as an application does, over instant models with a price.</summary>
internal static class Pipelines
{
    public const string Model = "instant";
    public const string OtherModel = "other";

    public static IChatClient Build(Action<LlmPipelineBuilder>? stages = null, int models = 1, int updates = 100)
    {
        return Build(new InstantChatClient(updates), builder =>
        {
            if (models > 1)
                builder.AddModel(OtherModel, new InstantChatClient(updates), Price);
            stages?.Invoke(builder);
        });
    }

    public static IChatClient Build(IChatClient model, Action<LlmPipelineBuilder>? stages = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddLlmPipeline().AddModel(Model, model, Price);
        stages?.Invoke(builder);
        return services.BuildServiceProvider().GetRequiredService<IChatClient>();
    }

    public static void Budgets(LlmPipelineBuilder builder) => builder.UseBudget(budget => budget
        .PerTenant("tenant-daily", 1_000_000_000m, BudgetWindow.Daily)
        .Global("all-monthly", 1_000_000_000m, BudgetWindow.Monthly));

    /// <summary>Every stage that does not look at content: nothing listens, no rail is set, and there is no cache, which must read a request to know it.</summary>
    public static void FullStack(LlmPipelineBuilder builder) => builder
        .UseTracing()
        .UseBudget(Daily)
        .UseIdempotency()
        .UseRouter()
        .UseResilience();

    /// <summary>The full stack with a cache at its place.</summary>
    public static void FullStackWithCache(LlmPipelineBuilder builder) => builder
        .UseTracing()
        .UseBudget(Daily)
        .UseIdempotency()
        .UseSemanticCache()
        .UseRouter()
        .UseResilience();

    private static void Daily(BudgetOptions budget) => budget.PerTenant("daily", 1_000_000_000m, BudgetWindow.Daily);

    private static void Price(ModelOptions options) => options.Price = new(0.15m, 0.60m);
}
