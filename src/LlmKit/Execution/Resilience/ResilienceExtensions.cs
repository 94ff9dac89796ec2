using LlmKit.Execution.Resilience;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmKit;

/// <summary>Adds retries, limits on time and a circuit breaker.</summary>
public static class ResilienceExtensions
{
    /// <summary>Adds retries, limits on time and a circuit breaker for each model. Belongs after the router.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the settings; called each time the configuration is read, before it is laid over them.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseResilience(this LlmPipelineBuilder builder, Action<ResilienceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<CircuitRegistry>();
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<ResilienceOptions, ResiliencePolicy> Definition(Action<ResilienceOptions>? configure) => new()
    {
        Name = "Resilience",
        Place = StagePlace.Resilience,
        Configure = configure,
        Bind = Bind,
        Compile = static (options, context, failures) => ResiliencePolicy.Compile(options, context.Time, isOnlyModel: context.Models.Count == 1, failures),
        Build = static (inner, settings, context) => new ResilienceChatClient(inner, settings, context),
    };

    private static void Bind(IConfiguration section, ResilienceOptions options)
    {
        section.Bind(options);
        // The binder passes over empty values, and a configuration must be able to say "no limit".
        if (IsOff(section, nameof(options.TotalTimeout)))
            options.TotalTimeout = null;
        if (IsOff(section, nameof(options.AttemptTimeout)))
            options.AttemptTimeout = null;
        if (IsOff(section, nameof(options.FirstContentTimeout)))
            options.FirstContentTimeout = null;
        if (IsOff(section, nameof(options.BetweenUpdatesTimeout)))
            options.BetweenUpdatesTimeout = null;
        if (IsOff(section, nameof(options.RetryShare)))
            options.RetryShare = null;
        if (IsOff(section, nameof(options.FailureRatio)))
            options.FailureRatio = null;
        if (IsOff(section, nameof(options.LastResort)))
            options.LastResort = null;
    }

    private static bool IsOff(IConfiguration section, string name) => section[name] is { Length: 0 };
}

public static partial class LlmStages
{
    /// <summary>Gives retries, limits on time and a circuit breaker around one model.</summary>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>A factory that wraps a client.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Resilience(Action<ResilienceOptions>? configure = null) =>
        ResilienceExtensions.Definition(configure).ToFactory();
}
