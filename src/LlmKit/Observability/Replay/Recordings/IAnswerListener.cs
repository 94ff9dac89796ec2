using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Hears what a model answers to one request. It never changes the call: what goes wrong is noted at the cassette.</summary>
internal interface IAnswerListener
{
    ValueTask HeardAsync(ChatResponse response, CancellationToken cancellationToken);

    ValueTask HeardAsync(HeardStream stream, CancellationToken cancellationToken);

    ValueTask HeardAsync(GeneratedEmbeddings<Embedding<float>> embeddings, CancellationToken cancellationToken);

    void Failed(Exception exception, HeardStream? stream);

    /// <summary>The request had no outcome of the model's own: it was cancelled, or refused before it was sent.</summary>
    void Nothing();
}
