using LlmKit.Calls;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Composes one pipeline: its models, its constraints and its stages, outermost first.</summary>
/// <remarks>
/// Not thread-safe; use it while services are being registered. Nothing is built before the client is first resolved, or the host
/// starts. Configuration under <c>LlmKit:&lt;name&gt;</c> is laid over what code sets, and wins.
/// </remarks>
public sealed partial class LlmPipelineBuilder
{
    private readonly PipelineRegistration _registration;

    internal LlmPipelineBuilder(IServiceCollection services, PipelineRegistration registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>Gets the services that the pipeline is registered in.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the pipeline's name; <c>Default</c> for the unnamed one.</summary>
    public string Name => _registration.Name;

    /// <summary>Declares what every call must keep to.</summary>
    /// <param name="configure">Sets the constraints; called each time the configuration is read.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder WithConstraints(Action<LlmConstraints> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Change().Constraints.Add(configure);
        return this;
    }

    /// <summary>Declares what the calls of one feature must keep to, in place of what holds for all.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="configure">Changes the constraints, which begin as those of the pipeline; called each time the configuration is read. Configuration in <c>Constraints:Features:&lt;feature&gt;</c> is laid over it.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder WithConstraints(string feature, Action<LlmConstraints> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        ArgumentNullException.ThrowIfNull(configure);
        Change().FeatureConstraints.Add((feature, configure));
        return this;
    }

    /// <summary>Says for whom calls are when neither their options nor an <see cref="LlmScope"/> do.</summary>
    /// <param name="identity">Gets the application's services once, and gives a delegate that is asked for every such call.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder WithIdentity(Func<IServiceProvider, Func<CallIdentity>> identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        Change().Identity = identity;
        return this;
    }

    /// <summary>Overrides and extends the catalogue of prices and windows from a JSON file.</summary>
    /// <param name="path">The file; read again when the configuration is reloaded.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder WithCatalogue(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Change().CatalogueFiles.Add(path);
        return this;
    }

    /// <summary>Declares what models cost that have no price of their own, so that limits on money can hold them. Without it such a model is refused where money is limited.</summary>
    /// <remarks>
    /// For models of the pipeline and its embedding models that neither their options nor the catalogue price. Declare the dearest that it
    /// may come to. Each attempt so charged is marked (<see cref="CallAttempt.FallbackPriced"/>) and counted (<c>llmkit.attempts.fallback_priced</c>),
    /// and each such model is logged once when the pipeline is built. Configuration in <c>LlmKit:&lt;pipeline&gt;:FallbackPrice</c>
    /// (<c>InputPerMillion</c>, <c>OutputPerMillion</c>, <c>CachedInputPerMillion</c>) takes its place and is followed while the service runs.
    /// </remarks>
    /// <param name="price">USD per million tokens, at most 1,000,000.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder WithFallbackPrice(ModelPrice price)
    {
        ArgumentNullException.ThrowIfNull(price);
        Change().FallbackPrice = price;
        return this;
    }

    internal LlmPipelineBuilder WithBook(Func<IServiceProvider, ICallBook> book)
    {
        Change().Book = book;
        return this;
    }

    /// <summary>Adds anybody's decorator at this place. After the router it is built once for each model.</summary>
    /// <param name="factory">Gets the inner client and what a stage may know; gives the decorator. The pipeline disposes of it.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder Use(Func<IChatClient, LlmStageContext, IChatClient> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return AddStage(new CustomStage(factory) { Name = "Use", Place = StagePlace.Custom });
    }

    /// <summary>Adds anybody's decorator at this place. After the router it is built once for each model.</summary>
    /// <param name="factory">Gets the inner client; gives the decorator. The pipeline disposes of it.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder Use(Func<IChatClient, IChatClient> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Use((inner, _) => factory(inner));
    }

    internal LlmPipelineBuilder AddStage(StageDescriptor stage)
    {
        Change().Stages.Add(stage);
        return this;
    }

    private PipelineRegistration Change() => _registration.IsBuilt
        ? throw new InvalidOperationException($"The pipeline '{Name}' is built already. Configure it before it is first resolved.")
        : _registration;
}
