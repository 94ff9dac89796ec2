using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>How a request for embeddings ended, as telemetry tells it.</summary>
internal readonly record struct EmbeddingOutcome(string? Model, long? InputTokens, bool IsReplayed, string? ErrorType, Exception? Error)
{
    public const string Cancelled = "cancelled";

    public static EmbeddingOutcome Of<TEmbedding>(GeneratedEmbeddings<TEmbedding> embeddings)
        where TEmbedding : Embedding
    {
        var isReplayed = AnswerFacts.IsMarked(embeddings.AdditionalProperties);
        // Of a recording, usage is that of another time.
        return new(embeddings.Count > 0 ? embeddings[0].ModelId : null, isReplayed ? null : embeddings.Usage?.InputTokenCount, isReplayed, ErrorType: null, Error: null);
    }

    public static EmbeddingOutcome Of(Exception exception, bool cancelled)
    {
        var facts = default(AnswerFacts);
        facts.Observe(exception);
        return new(Model: null, InputTokens: null, facts.IsReplayed, exception is OperationCanceledException && cancelled ? Cancelled : ErrorTypes.Of(exception), exception);
    }
}
