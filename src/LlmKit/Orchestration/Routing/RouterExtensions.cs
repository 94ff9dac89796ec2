using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Dispatching;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

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
        return builder.AddStage(new StageDefinition<RouterOptions, RouterPlan>
        {
            Name = "Router",
            Place = StagePlace.Router,
            Configure = configure,
            Bind = static (section, options) => options.Bind(section),
            Compile = static (options, context, failures) => RouterPlan.Compile(options, context.Models, failures),
            BuildFork = static (branches, settings, context) => new RouterChatClient(
                [.. branches.Select(branch => new RouteCandidate(branch.Name, branch.Client, branch.Model, new(context.Time ?? TimeProvider.System)))],
                settings,
                CallSetup.Alone("router", context.Time, logger: null),
                context.Services.GetService<LlmFeedback>()),
        });
    }
}

public static partial class LlmStages
{
    /// <summary>Chooses for each call between the inner client and others, and falls back among them.</summary>
    /// <remarks>
    /// A model whose attempts are to be counted, priced and held to a budget is a metered one of the same name (<see cref="Model"/>), or a
    /// pipeline. The router disposes of the inner client only: the others stay whose they were, such as the container's.
    /// </remarks>
    /// <param name="inner">The name of the inner client as a model.</param>
    /// <param name="others">The other models by name: each gets the services and gives a client, such as a keyed one or another pipeline.</param>
    /// <param name="configure">Sets the policy; by default the inner client first, then the others in order.</param>
    /// <returns>The factory; it throws <see cref="LlmConfigurationException"/> when models or options are wrong.</returns>
    /// <exception cref="ArgumentException">The name is blank, or another model has no factory.</exception>
    public static Func<IChatClient, IServiceProvider, IChatClient> Router(
        string inner, IReadOnlyList<KeyValuePair<string, Func<IServiceProvider, IChatClient>>> others, Action<RouterOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(inner);
        ArgumentNullException.ThrowIfNull(others);
        foreach (var (name, factory) in others)
        {
            if (factory is null)
                throw new ArgumentException($"The model '{name}' of the router has no factory. Give a delegate that gets the services and gives its client.", nameof(others));
        }

        return (client, services) =>
        {
            ArgumentNullException.ThrowIfNull(client);
            var options = new RouterOptions();
            configure?.Invoke(options);
            return new RouterChatClient(
                [new(inner, Joining(inner, client, owns: true)), .. others.Select(other => KeyValuePair.Create(other.Key, Borrowed(other.Key, other.Value(services))))],
                options,
                services?.GetService<TimeProvider>());
        };
    }

    private static IChatClient Borrowed(string name, IChatClient? client) =>
        client is null
            ? throw new LlmConfigurationException([$"The factory of the router's model '{name}' returned null. Return a chat client."])
            : Joining(name, new ModelDoor(() => client), owns: false);

    /// <summary>Makes a pipeline a model of the given name, which joins the call; leaves any other client as it is.</summary>
    private static IChatClient Joining(string name, IChatClient client, bool owns) => client.GetService<PipelineChatClient>() is not { } pipeline
        ? client
        : new ModelEdge(client, new(new Model(name, new(), entry: null, provider: null, clientModelId: null)), new(), owns) { Beyond = pipeline.Limits, Limiter = ModelLimiter.Alone() };
}
