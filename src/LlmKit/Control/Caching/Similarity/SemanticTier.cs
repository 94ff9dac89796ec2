using System.Numerics.Tensors;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>Embeds questions, within a time limit, and refuses vectors that mean nothing.</summary>
/// <remarks>Thread-safe. The embedding is made in the caller's call, so that a registered embedding model is metered and paid for like any.</remarks>
internal sealed class SemanticTier
{
    /// <summary>Longer texts are not embedded: they exceed what embedders take, and two of them are seldom the same question.</summary>
    public const int LongestQuestion = 8_000;

    private readonly IEmbeddingGenerator<string, Embedding<float>> _embedder;
    private readonly EmbeddingMemory _memory;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int? _dimensions;

    public SemanticTier(IEmbeddingGenerator<string, Embedding<float>> embedder, EmbeddingMemory memory, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _embedder = embedder;
        _memory = memory;
        _timeout = timeout;
        _time = time;
        _logger = logger;
        var metadata = embedder.GetService<EmbeddingGeneratorMetadata>();
        _dimensions = metadata?.DefaultModelDimensions;
        Declared = embedder.GetService<DeclaredSimilarity>();
        // Of an embedder that does not say what it is, its class is all that is known.
        Id = $"{metadata?.ProviderName}/{metadata?.DefaultModelId ?? NameOf(embedder)}/{_dimensions}";
    }

    /// <summary>Gets which embedder it is: vectors of different ones must not meet.</summary>
    public string Id { get; }

    /// <summary>Gets what the embedder says of its own similarities; <see langword="null"/> when it says nothing.</summary>
    public DeclaredSimilarity? Declared { get; }

    /// <summary>Gets whether texts with the same words in another order look alike to the embedder.</summary>
    public bool IgnoresWordOrder => Declared is { IgnoresWordOrder: true };

    /// <summary>Embeds the request's question, and gives why it could not; <see langword="null"/> when it could.</summary>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async ValueTask<string?> EmbedAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        if (request.Question.Length > LongestQuestion)
            return "the question is too long to embed";
        var key = EmbeddingMemory.KeyOf(Id, request.Question);
        if (_memory.Find(key) is { } known)
        {
            Take(request, known);
            return null;
        }

        var problem = await TryEmbedAsync(request, cancellationToken).ConfigureAwait(false);
        if (request.Query is { } vector)
            _memory.Remember(key, vector);
        if (problem is not null)
            CachingTelemetry.NoEmbedding(_logger, request.Call.Pipeline, problem);
        return problem;
    }

    private async ValueTask<string?> TryEmbedAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var expiry = limit.Token.UnsafeRegister(static state => Expire(((LlmCall, CancellationTokenSource))state!), (request.Call, both));
        Task<GeneratedEmbeddings<Embedding<float>>>? embedding = null;
        try
        {
            embedding = _embedder.GenerateAsync([request.Question], new CallEmbeddingOptions(request.Call), both.Token);

            // The embedder may be deaf to its token, so the wait has its own end.
            var embeddings = await embedding.WaitAsync(both.Token).ConfigureAwait(false);
            return Take(request, embeddings);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && limit.IsCancellationRequested)
        {
            Forget(embedding);
            return "the embedding took too long";
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Forget(embedding);
            throw;
        }
        catch (AttemptRefusedException refused)
        {
            return $"the embedding was refused ({refused.Reason})";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"the embedding failed ({exception.GetType().Name})";
        }
    }

    private string? Take(CacheRequest request, GeneratedEmbeddings<Embedding<float>>? embeddings)
    {
        if (embeddings is not { Count: 1 } || embeddings[0]?.Vector is not { Length: > 0 } vector)
            return "the embedder gave no vector";
        if (_dimensions is { } expected && vector.Length != expected)
            return $"the embedding has {vector.Length} dimensions and not {expected}";
        if (vector.Length > VectorIndex<CacheEntry>.MostDimensions)
            return $"the embedding has more than {VectorIndex<CacheEntry>.MostDimensions} dimensions";
        var norm = TensorPrimitives.Norm(vector.Span);
        if (!float.IsFinite(norm) || norm <= float.Epsilon)
            return "the embedding has no direction";
        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector.Span, norm, unit);
        Take(request, unit);
        return null;
    }

    private void Take(CacheRequest request, float[] unit)
    {
        request.Query = unit;
        request.Space = RequestKeys.Space(request.Partition, Id, unit.Length);
        request.Text = SemanticText.Of(unit, request.Question);
    }

    private static string? NameOf(IEmbeddingGenerator<string, Embedding<float>> embedder) =>
        (embedder.GetService<EmbeddingEdge>()?.Generator ?? embedder).GetType().FullName;

    /// <summary>Ends an embedding at its limit, which the call must know for the clock's doing and not the caller's.</summary>
    private static void Expire((LlmCall Call, CancellationTokenSource Embedding) limited)
    {
        limited.Call.NoteExpired(limited.Embedding.Token);
        try
        {
            limited.Embedding.Cancel();
        }
        catch (AggregateException)
        {
            // What listens to a token may throw; on the timer's thread that would end the process.
        }
    }

    /// <summary>Looks at the failure of an embedding that nobody waits for any more, so that it is not reported as unobserved.</summary>
    private static void Forget(Task? embedding) => embedding?.ContinueWith(
        static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
