using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

public sealed partial class LlmPipelineBuilder
{
    /// <summary>Adds a model that is a client of yours. The pipeline never disposes of it.</summary>
    /// <param name="name">The name for routes, limits and reports.</param>
    /// <param name="client">The client. Turn its own retries off: attempts that the pipeline does not see are neither counted, nor paid for, nor held to a deadline.</param>
    /// <param name="configure">Sets the model's facts: price, window, capabilities.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder AddModel(string name, IChatClient client, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AddModel<ModelOptions>(name, (_, _) => client, configure, isOwned: false);
    }

    /// <summary>Adds a model whose client a factory makes, once. The pipeline disposes of it.</summary>
    /// <param name="name">The name for routes, limits and reports.</param>
    /// <param name="factory">Makes the client. Turn its own retries off: attempts that the pipeline does not see are neither counted, nor paid for, nor held to a deadline.</param>
    /// <param name="configure">Sets the model's facts: price, window, capabilities.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder AddModel(string name, Func<IServiceProvider, IChatClient> factory, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return AddModel<ModelOptions>(name, (_, services) => factory(services), configure);
    }

    /// <summary>Adds a model with options of its own: what a provider package builds on.</summary>
    /// <typeparam name="TOptions">The provider's options.</typeparam>
    /// <param name="name">The name for routes, limits and reports.</param>
    /// <param name="factory">Makes the client from the options, once.</param>
    /// <param name="configure">Sets the options; called each time the configuration is read, before it is laid over them.</param>
    /// <param name="isOwned">Whether the pipeline disposes of the client.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder AddModel<TOptions>(
        string name, Func<TOptions, IServiceProvider, IChatClient> factory, Action<TOptions>? configure = null, bool isOwned = true)
        where TOptions : ModelOptions, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        Change().Models.Add(new(name, Reader(configure), (options, services) => factory((TOptions)options, services), isOwned));
        return this;
    }

    /// <summary>Adds an embedding model that is a generator of yours. The pipeline never disposes of it; its tokens are metered and paid for like a model's.</summary>
    /// <param name="name">The name for limits and reports.</param>
    /// <param name="generator">The generator, its own retries off.</param>
    /// <param name="configure">Sets the model's facts: its price.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder AddEmbeddings(string name, IEmbeddingGenerator<string, Embedding<float>> generator, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return AddEmbeddings<ModelOptions>(name, (_, _) => generator, configure, isOwned: false);
    }

    /// <summary>Adds an embedding model with options of its own: what a provider package builds on.</summary>
    /// <typeparam name="TOptions">The provider's options.</typeparam>
    /// <param name="name">The name for limits and reports.</param>
    /// <param name="factory">Makes the generator from the options, once.</param>
    /// <param name="configure">Sets the options; called each time the configuration is read, before it is laid over them.</param>
    /// <param name="isOwned">Whether the pipeline disposes of the generator.</param>
    /// <returns>This builder.</returns>
    public LlmPipelineBuilder AddEmbeddings<TOptions>(
        string name,
        Func<TOptions, IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>> factory,
        Action<TOptions>? configure = null,
        bool isOwned = true)
        where TOptions : ModelOptions, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        Change().Embeddings.Add(new(name, Reader(configure), (options, services) => factory((TOptions)options, services), isOwned));
        return this;
    }

    private static Func<IConfiguration?, ModelOptions> Reader<TOptions>(Action<TOptions>? configure)
        where TOptions : ModelOptions, new() => section =>
    {
        var options = new TOptions();
        configure?.Invoke(options);
        if (section is not null)
            options.Bind(section);
        return options;
    };
}
