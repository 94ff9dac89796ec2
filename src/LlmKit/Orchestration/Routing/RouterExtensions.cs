using LlmKit.Calls;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Dispatching;
using LlmKit.Pipeline;

namespace LlmKit;

/// <summary>Adds a router to pipelines.</summary>
public static class RouterExtensions
{
    /// <summary>Chooses a model for each call and falls back to others. Stages added after it are built once for each model.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the policy; by default the models in the order of their registration.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseRouter(this LlmPipelineBuilder builder, Action<RouterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStage(new StageDefinition<RouterOptions, RouterPolicy>
        {
            Name = "Router",
            Place = StagePlace.Router,
            Configure = configure,
            Bind = static (section, options) => options.Bind(section),
            Compile = static (options, context, failures) => RouterPolicy.Compile(options, context.Models, failures),
            BuildFork = static (branches, settings, context) => new RouterChatClient(
                [.. branches.Select(branch => new RouteCandidate(branch.Name, branch.Client, branch.Model))],
                settings,
                CallSetup.Alone("router", context.Time, logger: null)),
        });
    }
}
