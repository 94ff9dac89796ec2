using LlmKit.Execution.Hedging;
using LlmKit.Internal.Hedging;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Adds second attempts beside slow ones.</summary>
public static class HedgingExtensions
{
    /// <summary>Starts a second attempt on the same model when the first is slow. Belongs after the router and before the retrying executor.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the settings; called each time the configuration is read, before it is laid over them.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseHedging(this LlmPipelineBuilder builder, Action<HedgingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<HedgingOptions, HedgePolicy> Definition(Action<HedgingOptions>? configure) => new()
    {
        Name = "Hedging",
        Place = StagePlace.Hedging,
        Configure = configure,
        Bind = HedgePolicy.Bind,
        Compile = static (options, _, failures) => HedgePolicy.Compile(options, failures),
        Build = static (inner, settings, context) =>
            new HedgingChatClient(inner, context.ModelName ?? (context.Models.Count == 1 ? context.Models[0] : null), context.Time, settings),
    };
}

public static partial class LlmStages
{
    /// <summary>Gives second attempts beside slow ones, around one model.</summary>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>A factory that wraps a client.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Hedging(Action<HedgingOptions>? configure = null) =>
        HedgingExtensions.Definition(configure).ToFactory();
}
