using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit;

/// <summary>Adds guardrails to pipelines.</summary>
public static class GuardrailExtensions
{
    /// <summary>Looks at requests and answers. Stands outside the cache.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the rules; at least one is needed.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseGuardrails(this LlmPipelineBuilder builder, Action<GuardrailOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<GuardrailOptions, GuardrailPolicies> Definition(Action<GuardrailOptions>? configure) => new()
    {
        Name = "Guardrails",
        Place = StagePlace.Guardrails,
        Configure = configure,
        Bind = static (section, options) => options.Bind(section),
        Compile = static (options, _, failures) => GuardrailPolicies.Compile(options, failures),
        Build = static (inner, settings, context) => new GuardrailChatClient(
            inner,
            settings,
            new(context.Time, context.LoggerFactory.CreateLogger<GuardrailChatClient>(), context.Models.Count > 0 ? context.GetModel : null),
            CallSetup.Alone("guardrails", context.Time, logger: null)),
    };
}

public static partial class LlmStages
{
    /// <summary>Looks at requests and answers.</summary>
    /// <param name="configure">Sets the rules.</param>
    /// <returns>The factory.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Guardrails(Action<GuardrailOptions> configure) =>
        GuardrailExtensions.Definition(configure).ToFactory();
}
