using LlmKit.Calls;
using LlmKit.Control.Variability;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmKit;

/// <summary>Adds limits on how much answers vary to a pipeline.</summary>
public static class VariabilityExtensions
{
    /// <summary>Declares for each feature whether its answers are reproducible, consistent or free, and holds them to it.</summary>
    /// <remarks>Belongs inside the cache and outside the router. Settings are laid over by <c>LlmKit:&lt;pipeline&gt;:Variability</c>. How much a feature varies is measured by <see cref="LlmVariability"/>, which is added to the services.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Declares the features; called each time the configuration is read.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseVariability(this LlmPipelineBuilder builder, Action<VariabilityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<LlmVariability>();
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<VariabilityOptions, VariabilityPlan> Definition(Action<VariabilityOptions>? configure) => new()
    {
        Name = "Variability",
        Place = StagePlace.Variability,
        Configure = configure,
        Bind = static (section, options) => options.Bind(section),
        Compile = static (options, context, failures) => VariabilityPlan.Compile(options, context.Models, failures),
        Among = static (plan, outside, models, failures) => plan.CheckAmong(outside.Any(stage => stage.Place == StagePlace.Cache), models, failures),
        Build = static (inner, settings, context) =>
        {
            var stage = new VariabilityChatClient(inner, settings, CallSetup.Alone("variability", context.Time, logger: null));
            context.Services.GetService<LlmVariability>()?.Add(context.Pipeline, stage);
            return stage;
        },
    };
}

public static partial class LlmStages
{
    /// <summary>Holds features to what is declared of their answers' variability, as a decorator factory.</summary>
    /// <remarks>A stage that stands alone knows no models and no cache: what is reproducible is only asked for with temperature and seed.</remarks>
    /// <param name="configure">Declares the features.</param>
    /// <returns>A factory; it throws <see cref="LlmConfigurationException"/> when the options are wrong.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Variability(Action<VariabilityOptions>? configure = null) =>
        VariabilityExtensions.Definition(configure).ToFactory();
}
