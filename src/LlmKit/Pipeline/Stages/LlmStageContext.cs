using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit;

/// <summary>What a stage may know while it is built.</summary>
/// <remarks>Immutable. Doors to models work as soon as the pipeline is built; a stage keeps them and calls them later.</remarks>
public sealed class LlmStageContext
{
    private readonly Func<string, IChatClient>? _door;
    private readonly Func<string?, IEmbeddingGenerator<string, Embedding<float>>?>? _embeddings;

    internal LlmStageContext(
        IServiceProvider services,
        string pipeline,
        string? modelName,
        IReadOnlyList<string> models,
        Func<string, IChatClient>? door,
        Func<string?, IEmbeddingGenerator<string, Embedding<float>>?>? embeddings)
    {
        Services = services;
        Pipeline = pipeline;
        ModelName = modelName;
        Models = models;
        _door = door;
        _embeddings = embeddings;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        LoggerFactory = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
    }

    /// <summary>Gets the application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Gets the pipeline's name; <c>Default</c> for the unnamed one.</summary>
    public string Pipeline { get; }

    /// <summary>Gets the registered model that this instance of the stage serves; <see langword="null"/> outside the router.</summary>
    public string? ModelName { get; }

    /// <summary>Gets the registered models' names, in the order of registration.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Gets the loggers.</summary>
    public ILoggerFactory LoggerFactory { get; }

    /// <summary>Gets a door to a registered model, with the stages after the router: for judges and repairs. Disposing of it does nothing.</summary>
    /// <param name="name">The registered name.</param>
    /// <returns>A client that passes on to the model. Call it with the options of <c>LlmCall.Child</c>.</returns>
    /// <exception cref="LlmConfigurationException">No model of that name is registered, or the stage stands alone.</exception>
    public IChatClient GetModel(string name)
    {
        if (_door is null || !Models.Contains(name))
            throw new LlmConfigurationException(Pipeline, [$"There is no model '{name}' here. Registered are: {(Models.Count == 0 ? "none" : string.Join(", ", Models))}."]);
        return _door(name);
    }

    /// <summary>Gets the registered embedding generator, metered like a model.</summary>
    /// <param name="name">Its name; <see langword="null"/> for the first one, or the application's own when none is registered here.</param>
    /// <returns>The generator, or <see langword="null"/> when there is none.</returns>
    public IEmbeddingGenerator<string, Embedding<float>>? GetEmbeddings(string? name = null) => _embeddings?.Invoke(name);

    internal static LlmStageContext Alone(IServiceProvider? services) =>
        new(services ?? NoServices.Instance, "alone", modelName: null, [], door: null, name => name is null ? services?.GetService<IEmbeddingGenerator<string, Embedding<float>>>() : null);

    internal LlmStageContext ForModel(string model) => new(Services, Pipeline, model, Models, _door, _embeddings);

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
