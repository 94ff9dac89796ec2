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
        var services = new ServiceCollection();
        var builder = services.AddLlmPipeline().AddModel(Model, new InstantChatClient(updates), Price);
        if (models > 1)
            builder.AddModel(OtherModel, new InstantChatClient(updates), Price);
        stages?.Invoke(builder);
        return services.BuildServiceProvider().GetRequiredService<IChatClient>();
    }

    public static void Budgets(LlmPipelineBuilder builder) => builder.UseBudget(budget => budget
        .PerTenant("tenant-daily", 1_000_000_000m, BudgetWindow.Daily)
        .Global("all-monthly", 1_000_000_000m, BudgetWindow.Monthly));

    /// <summary>Every stage at once, as far as it can be without looking at content: nothing listens, no rail is set, the cache is told to stay out.</summary>
    public static void FullStack(LlmPipelineBuilder builder)
    {
        Budgets(builder);
        builder.UseRouter();
    }

    private static void Price(ModelOptions options) => options.Price = new(0.15m, 0.60m);
}
