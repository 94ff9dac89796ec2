using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>The embedding generators of one pipeline, by name.</summary>
internal sealed class EmbeddingDoors
{
    private readonly List<(string Name, IEmbeddingGenerator<string, Embedding<float>> Generator)> _all = [];

    /// <summary>Gets or sets where to look when none is registered with the pipeline.</summary>
    public Func<IEmbeddingGenerator<string, Embedding<float>>?>? Fallback { get; set; }

    public void Add(string name, IEmbeddingGenerator<string, Embedding<float>> generator) => _all.Add((name, generator));

    public IEmbeddingGenerator<string, Embedding<float>>? Find(string? name) => name is null
        ? _all.Count > 0 ? _all[0].Generator : Fallback?.Invoke()
        : _all.Find(entry => entry.Name == name).Generator;

    public void DisposeAll()
    {
        foreach (var (_, generator) in _all)
            generator.Dispose();
    }
}
