using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

public static partial class LlmStages
{
    /// <summary>Makes a client a metered model: attempts are counted, priced, gated and classified. It stands innermost.</summary>
    /// <param name="name">The model's name for limits and reports.</param>
    /// <param name="configure">Sets the model's facts: price, window, capabilities.</param>
    /// <returns>The factory. Disposing of the model disposes of the client.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Model(string name, Action<ModelOptions>? configure = null) => (inner, services) =>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(inner);
        var options = new ModelOptions();
        configure?.Invoke(options);
        var failures = new List<string>();
        options.Validate(name, failures);
        var metadata = inner.GetService<ChatClientMetadata>();
        var entry = ModelCatalogue.BuiltIn.Find(options.CatalogueId ?? options.ModelId ?? metadata?.DefaultModelId);
        if (options.CatalogueId is { } id && entry is null)
            failures.Add($"The catalogue does not know '{id}', given for the model '{name}'. Correct ModelOptions.CatalogueId, or leave it unset and give the price and the window.");
        if (failures.Count > 0)
            throw new LlmConfigurationException(failures);
        var model = new Model(name, options, entry, metadata?.ProviderName, metadata?.DefaultModelId);
        var time = services?.GetService<TimeProvider>();
        var limiter = services?.GetService<RateLimiter>() is { } shared ? new ModelLimiter(shared, "") : ModelLimiter.Alone(time);
        var edge = new ModelEdge(inner, new StageSettings<Model>(model), new ProviderState(), ownsClient: true) { Limiter = limiter };
        return model.Limit is null ? edge : new LimitedModelChatClient(edge, CallSetup.Alone(name, time, logger: null));
    };
}
