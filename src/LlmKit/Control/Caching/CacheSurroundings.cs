using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>What a cache finds around it: a pipeline and its services, or nothing.</summary>
internal sealed class CacheSurroundings
{
    public string Pipeline { get; init; } = "SemanticCache";

    public required ILogger Logger { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    /// <summary>Gets the embedding models by name; <see langword="null"/> where there are none.</summary>
    public Func<string?, IEmbeddingGenerator<string, Embedding<float>>?>? Embedders { get; init; }

    /// <summary>Gets the doors to models by name, for judges; <see langword="null"/> where there are none.</summary>
    public Func<string, IChatClient>? Models { get; init; }

    /// <summary>Gets the application's distributed cache; <see langword="null"/> where there is none.</summary>
    public IDistributedCache? Distributed { get; init; }

    /// <summary>Gets where users' feedback comes from; <see langword="null"/> where none comes.</summary>
    public LlmFeedback? Feedback { get; init; }
}
