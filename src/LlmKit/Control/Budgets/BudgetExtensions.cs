using LlmKit.Calls;
using LlmKit.Control.Budgets;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LlmKit;

/// <summary>Adds budgets to pipelines.</summary>
public static class BudgetExtensions
{
    /// <summary>Holds calls to limits on money. Stands outside the router.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the limits; at least one is needed, here or in the configuration section <c>Budget</c>.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseBudget(this LlmPipelineBuilder builder, Action<BudgetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IBudgetLedger>(services => new InMemoryBudgetLedger(services.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<BudgetOptions, BudgetPolicy> Definition(Action<BudgetOptions>? configure) => new()
    {
        Name = "Budget",
        Place = StagePlace.Budget,
        Limit = static (policy, call) => BudgetSpendingHook.LostLimit(policy, call),
        Configure = configure,
        Bind = static (section, options) => options.Bind(section),
        Compile = static (options, _, failures) => BudgetPolicy.Compile(options, failures),
        Build = static (inner, settings, context) => new BudgetGuardChatClient(
            inner,
            settings,
            context.Services.GetRequiredService<IBudgetLedger>(),
            context.LoggerFactory.CreateLogger<BudgetGuardChatClient>(),
            CallSetup.Alone("budget", context.Time, logger: null)),
        Opened = static stage => ((BudgetGuardChatClient)stage).Cover,
    };
}

/// <summary>The stages as decorator factories, for builders other than LlmKit's own, such as <c>ChatClientBuilder.Use(…)</c>.</summary>
public static partial class LlmStages
{
    /// <summary>Holds calls to limits on money. A metered model must stand below: <see cref="Model"/>.</summary>
    /// <param name="configure">Sets the limits. They share their spend with pipelines when the services hold an <see cref="IBudgetLedger"/>.</param>
    /// <returns>The factory.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Budget(Action<BudgetOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return (inner, services) =>
        {
            ArgumentNullException.ThrowIfNull(inner);
            var options = new BudgetOptions();
            configure(options);
            return new BudgetGuardChatClient(
                inner, options, services?.GetService<IBudgetLedger>(), services?.GetService<ILoggerFactory>()?.CreateLogger<BudgetGuardChatClient>(), services?.GetService<TimeProvider>());
        };
    }
}
