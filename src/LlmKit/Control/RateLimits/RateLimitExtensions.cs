using LlmKit.Calls;
using LlmKit.Control.RateLimits;
using LlmKit.Internal.RateLimiting;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Adds rate limits to pipelines.</summary>
public static class RateLimitExtensions
{
    /// <summary>Holds callers to limits on calls, tokens and calls at once. Stands outside the cache.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the limits; at least one is needed, here or in the configuration section <c>RateLimits</c>. Pipelines share limits of one name and scope.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseRateLimits(this LlmPipelineBuilder builder, Action<RateLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<RateLimitOptions, RateLimitPolicy> Definition(Action<RateLimitOptions>? configure) => new()
    {
        Name = "RateLimits",
        Place = StagePlace.RateLimits,
        Configure = configure,
        Bind = static (section, options) => section.Bind(options),
        Compile = static (options, _, failures) => RateLimitPolicy.Compile(options, failures),
        Build = static (inner, settings, context) => new RateLimitChatClient(
            inner, settings, context.Services.GetService<RateLimiter>() ?? new(context.Time), CallSetup.Alone("rate-limits", context.Time, logger: null)),
    };
}

/// <summary>The stages as decorator factories, for builders other than LlmKit's own, such as <c>ChatClientBuilder.Use(…)</c>.</summary>
public static partial class LlmStages
{
    /// <summary>Holds callers to limits on calls, tokens and calls at once.</summary>
    /// <param name="configure">Sets the limits.</param>
    /// <returns>The factory.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> RateLimits(Action<RateLimitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return RateLimitExtensions.Definition(configure).ToFactory();
    }
}
