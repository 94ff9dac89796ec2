using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Pipeline;

/// <summary>What the builder collected for one pipeline. Not changed after the pipeline is built.</summary>
internal sealed class PipelineRegistration(string? key, ServiceDescriptor? takenOver)
{
    public const string DefaultName = "Default";

    public string? Key { get; } = key;

    public string Name => Key ?? DefaultName;

    /// <summary>The chat client that the application had registered before, if any.</summary>
    public ServiceDescriptor? TakenOver { get; } = takenOver;

    public List<ModelRegistration<IChatClient>> Models { get; } = [];

    public List<ModelRegistration<IEmbeddingGenerator<string, Embedding<float>>>> Embeddings { get; } = [];

    public List<StageDescriptor> Stages { get; } = [];

    public List<Action<LlmConstraints>> Constraints { get; } = [];

    public List<(string Feature, Action<LlmConstraints> Configure)> FeatureConstraints { get; } = [];

    public List<string> CatalogueFiles { get; } = [];

    public Func<IServiceProvider, Func<CallIdentity>>? Identity { get; set; }

    /// <summary>Gives the book that calls are entered in; <see langword="null"/> where nobody asked for a report.</summary>
    public Func<IServiceProvider, ICallBook>? Book { get; set; }

    /// <summary>The price of models that have none of their own; <see langword="null"/> where none is declared in code.</summary>
    public ModelPrice? FallbackPrice { get; set; }

    /// <summary>Whether the pipeline was built: later changes would be lost.</summary>
    public bool IsBuilt { get; set; }
}
