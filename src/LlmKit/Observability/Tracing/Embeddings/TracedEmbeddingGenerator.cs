using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>A generator of embeddings whose requests are spans and are measured. Thread-safe.</summary>
internal sealed class TracedEmbeddingGenerator<TInput, TEmbedding> : DelegatingEmbeddingGenerator<TInput, TEmbedding>
    where TEmbedding : Embedding
{
    private readonly TracingPolicy _policy;
    private readonly TimeProvider _time;
    private readonly EmbeddingObserver _observer;

    public TracedEmbeddingGenerator(IEmbeddingGenerator<TInput, TEmbedding> generator, TracingPolicy policy, TimeProvider time)
        : base(generator)
    {
        _policy = policy;
        _time = time;
        _observer = new(generator.GetService<EmbeddingGeneratorMetadata>(), policy);
    }

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(ActivitySource) ? LlmKitDiagnostics.ActivitySource : base.GetService(serviceType, serviceKey);
    }

    public override Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        _observer.IsNeeded ? ObserveAsync(values, options, cancellationToken) : base.GenerateAsync(values, options, cancellationToken);

    private async Task<GeneratedEmbeddings<TEmbedding>> ObserveAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var model = _observer.Find(options?.ModelId);
        var span = _observer.Start(model, options, _time.GetUtcNow());
        GeneratedEmbeddings<TEmbedding> embeddings;
        try
        {
            embeddings = await base.GenerateAsync(values, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _observer.End(span, model, EmbeddingOutcome.Of(exception, cancellationToken.IsCancellationRequested), _time.GetElapsedTime(started));
            throw;
        }

        _observer.End(span, model, EmbeddingOutcome.Of(embeddings), _time.GetElapsedTime(started));
        return embeddings;
    }
}
