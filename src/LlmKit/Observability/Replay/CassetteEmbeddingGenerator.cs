using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Gives embeddings from a <see cref="Cassette"/>, or records into it what the inner generator gives.</summary>
/// <remarks>Thread-safe. One request, with all its texts, is one recording. See <see cref="CassetteChatClient"/> for how it behaves; the cassette may be the same.</remarks>
public sealed class CassetteEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private readonly Cassette _cassette;
    private readonly string? _model;

    /// <summary>Creates a generator.</summary>
    /// <param name="cassette">The cassette; disposed of by whoever opened it.</param>
    /// <param name="innerGenerator">The generator to record; may be <see langword="null"/> when the cassette replays.</param>
    /// <param name="model">The model for keys of requests that name none, and for the metadata when there is no inner generator.</param>
    /// <exception cref="CassetteException">The cassette needs a generator and none is given.</exception>
    public CassetteEmbeddingGenerator(Cassette cassette, IEmbeddingGenerator<string, Embedding<float>>? innerGenerator = null, string? model = null)
        : base(innerGenerator ?? new AbsentGenerator(model))
    {
        ArgumentNullException.ThrowIfNull(cassette);
        if (innerGenerator is null && cassette.Mode != CassetteMode.Replay)
            throw new CassetteException($"The cassette's mode is '{cassette.Mode}', which asks a model, and no generator is given. Give the generator to record.");
        _cassette = cassette;
        _model = model;
    }

    /// <inheritdoc/>
    /// <exception cref="CassetteMissException">The cassette replays and has no recording of the request.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        List<string> texts = [.. values];
        if (_cassette.Mode != CassetteMode.Replay)
            return await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Replays.Embeddings(_cassette.Play(_cassette.RequestOf(texts, options, _model)));
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(Cassette) ? _cassette : base.GetService(serviceType, serviceKey);
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> AskAsync(List<string> texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var listener = _cassette.Listen(() => _cassette.RequestOf(texts, options, _model));
        GeneratedEmbeddings<Embedding<float>> embeddings;
        try
        {
            embeddings = await InnerGenerator.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            listener?.Ended(exception, stream: null, cancellationToken);
            throw;
        }

        if (listener is not null)
            await listener.HeardAsync(embeddings, cancellationToken).ConfigureAwait(false);
        return embeddings;
    }

    private sealed class AbsentGenerator(string? model) : IEmbeddingGenerator<string, Embedding<float>>
    {
        private readonly EmbeddingGeneratorMetadata _metadata = new(providerName: null, providerUri: null, model);

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new CassetteException("There is no generator behind this cassette.");

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : null;

        public void Dispose()
        {
        }
    }
}
