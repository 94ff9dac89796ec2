using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The only door to an embedding model: reserves, meters and settles like the door to a chat model.</summary>
/// <remarks>Thread-safe. A request belongs to a call when its options are <see cref="CallEmbeddingOptions"/>.</remarks>
internal sealed class EmbeddingEdge(
    IEmbeddingGenerator<string, Embedding<float>> generator, StageSettings<Model> model, bool ownsGenerator)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(generator)
{
    private int _disposed;

    /// <summary>Gets the limits on money above: a request that lost them on the way is refused.</summary>
    public MoneyLimits Limits { get; init; } = new();

    /// <summary>Gets what holds requests to the model's own limits.</summary>
    public required ModelLimiter Limiter { get; init; }

    /// <summary>Gets the generator behind the door.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> Generator => InnerGenerator;

    /// <summary>Gives the door to a generator that somebody hands a stage: at the price it gives itself, else the catalogue's; never disposed of.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Around(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        if (generator.GetService<EmbeddingEdge>() is not null)
            return generator;
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        var model = new Model("embeddings", new() { Price = generator.GetService<ModelPrice>() }, ModelCatalogue.BuiltIn.Find(metadata?.DefaultModelId), metadata?.ProviderName, metadata?.DefaultModelId);
        return new EmbeddingEdge(generator, new(model), ownsGenerator: false) { Limiter = ModelLimiter.Alone() };
    }

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options is not CallEmbeddingOptions { Call: { IsOver: false } call } own)
        {
            Limits.Check(call: null, model.Current.Name);
            return await base.GenerateAsync(values, options, cancellationToken).ConfigureAwait(false);
        }

        return await GenerateAsync([.. values], own, call, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0 && ownsGenerator)
            base.Dispose(disposing);
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> values, CallEmbeddingOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var facts = model.For(call);
        if (ModelGates.CheckBinding(call, call.Terms.ExcludedModels, facts) is { } reason)
            throw new AttemptRefusedException(RefusalReason.Gate, facts.Name, $"The model '{facts.Name}' may not embed for this call: {reason}.");
        Limits.Check(call, facts.Name);
        var request = new RequestFacts(values);
        var hooks = call.SpendingHooks;
        _ = await EdgeLimits.MaxOutputAsync(call, facts, request, hooks, asked: 0, cancellationToken).ConfigureAwait(false);
        var permit = facts.Limit is { } limit
            ? await Limiter.AcquireAsync(call, facts, limit, request.WorstTokens(facts, call), output: 0, isOpen: false, cancellationToken).ConfigureAwait(false)
            : null;
        var attempt = await Attempt.BeginAsync(call, facts, request, hooks, maxOutput: 0, permit, "embedding", cancellationToken).ConfigureAwait(false);
        try
        {
            var embedding = base.GenerateAsync(values, options.ToSend(facts.ModelId), cancellationToken) ?? throw new NonsenseAnswerException(facts.Name);
            var embeddings = await embedding.OrCancelled(cancellationToken).ConfigureAwait(false)
                ?? throw new NonsenseAnswerException(facts.Name);
            attempt.Observe(embeddings.Usage);
            attempt.Succeed();
            return embeddings;
        }
        catch (Exception exception)
        {
            attempt.Fail(ModelFailures.Record(exception, facts, call, cancellationToken), exception);
            throw;
        }
    }
}
