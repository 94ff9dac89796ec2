using LlmKit.Execution.Idempotency;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit;

/// <summary>Adds idempotency to a pipeline.</summary>
public static class IdempotencyExtensions
{
    /// <summary>Gives calls with the same <see cref="LlmCallOptions.IdempotencyKey"/> the same answer, and on demand makes equal calls of the same moment one.</summary>
    /// <remarks>
    /// Belongs inside guardrails and budget and outside the cache. Answers are kept in memory, or in the <see cref="IIdempotencyStore"/> that
    /// is registered as a service. Settings are laid over by <c>LlmKit:&lt;pipeline&gt;:Idempotency</c>.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the options; called each time the configuration is read.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseIdempotency(this LlmPipelineBuilder builder, Action<IdempotencyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<IdempotencyOptions, IdempotencyPolicy> Definition(Action<IdempotencyOptions>? configure) => new()
    {
        Name = "Idempotency",
        Place = StagePlace.Idempotency,
        Configure = configure,
        Bind = static (section, options) => section.Bind(options),
        Compile = static (options, _, failures) => IdempotencyPolicy.Compile(options, failures),
        Build = static (inner, settings, context) => new IdempotencyChatClient(
            inner,
            settings,
            context.Services.GetService<IIdempotencyStore>(),
            context.LoggerFactory.CreateLogger<IdempotencyChatClient>(),
            context.Time,
            context.Pipeline),
    };
}

public static partial class LlmStages
{
    /// <summary>Gives idempotency as a decorator factory, such as <c>chatClientBuilder.Use(LlmStages.Idempotency())</c> takes.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A factory; it throws <see cref="LlmConfigurationException"/> when the options are wrong.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Idempotency(Action<IdempotencyOptions>? configure = null) =>
        IdempotencyExtensions.Definition(configure).ToFactory();
}
