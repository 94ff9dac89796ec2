using LlmKit.Calls;
using LlmKit.Control.Budgets;
using LlmKit.Control.Budgets.Alerts;
using LlmKit.Control.Budgets.Forecasts;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Durable;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit;

/// <summary>Adds budgets to pipelines.</summary>
public static class BudgetExtensions
{
    private static readonly TimeSpan DefaultFlush = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestFlush = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMinutes(1);

    /// <summary>Holds calls to limits on money. Stands outside the router. The services then hold <see cref="LlmBudgets"/>, which forecasts when limits run out.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the limits; at least one is needed, here or in the configuration section <c>Budget</c>.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseBudget(this LlmPipelineBuilder builder, Action<BudgetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IBudgetLedger>(services => new InMemoryBudgetLedger(services.GetService<TimeProvider>() ?? TimeProvider.System));
        builder.Services.TryAddSingleton<AlertBook>();
        builder.Services.TryAddSingleton<LedgerNotice>();
        builder.Services.TryAddSingleton<BudgetPolicies>();
        builder.Services.TryAddSingleton(static services => new LlmBudgets(
            services.GetRequiredService<IBudgetLedger>(), services.GetRequiredService<BudgetPolicies>(), services.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder.AddStage(Definition(configure));
    }

    /// <summary>Keeps what budgets have spent in a file, so that a restart or a deploy is no free refill. For all pipelines of the services.</summary>
    /// <remarks>
    /// One process may have the file at a time. A process that is killed loses nothing that was settled, and what it had under way is
    /// booked in full at the next start. A machine that fails may lose what came since the last flush. The file holds names of limits,
    /// tenants and users, and numbers; no text of a conversation. Pipelines are built, or the first budget is used, when it is opened.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="path">The file; it and its folder are made when they are missing. A second file beside it, <c>.lock</c>, keeps other processes away.</param>
    /// <param name="flushEvery">How often the disk is made to have it, 1 millisecond to 1 minute; 100 milliseconds when <see langword="null"/>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The path is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The interval is outside its range.</exception>
    public static LlmPipelineBuilder WithBudgetFile(this LlmPipelineBuilder builder, string path, TimeSpan? flushEvery = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var interval = flushEvery ?? DefaultFlush;
        if (interval < ShortestFlush || interval > LongestFlush)
            throw new ArgumentOutOfRangeException(nameof(flushEvery), flushEvery, "The interval between flushes is 1 millisecond to 1 minute.");
        builder.Services.Replace(ServiceDescriptor.Singleton<IBudgetLedger>(services => new FileBudgetLedger(
            path,
            interval,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILoggerFactory>()?.CreateLogger<BudgetGuardChatClient>() ?? NullLogger<BudgetGuardChatClient>.Instance)));
        return builder;
    }

    internal static StageDefinition<BudgetOptions, BudgetPolicy> Definition(Action<BudgetOptions>? configure) => new()
    {
        Name = "Budget",
        Place = StagePlace.Budget,
        Limit = static (policy, call) => BudgetSpendingHook.LostLimit(policy, call),
        Configure = configure,
        Bind = static (section, options) => options.Bind(section),
        Compile = static (options, _, failures) => BudgetPolicy.Compile(options, failures),
        Build = static (inner, settings, context) => Build(inner, settings, context),
        Opened = static stage => ((BudgetGuardChatClient)stage).Cover,
    };

    private static BudgetGuardChatClient Build(IChatClient inner, StageSettings<BudgetPolicy> settings, LlmStageContext context)
    {
        var ledger = context.Services.GetRequiredService<IBudgetLedger>();
        var logger = context.LoggerFactory.CreateLogger<BudgetGuardChatClient>();
        context.Services.GetRequiredService<LedgerNotice>().Say(ledger, logger);
        context.Services.GetRequiredService<BudgetPolicies>().Add(() => settings.Current);
        return new(
            inner,
            settings,
            ledger,
            context.Services.GetRequiredService<AlertBook>(),
            context.Services.GetServices<IBudgetAlertSink>(),
            logger,
            CallSetup.Alone("budget", context.Time, logger: null));
    }
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
