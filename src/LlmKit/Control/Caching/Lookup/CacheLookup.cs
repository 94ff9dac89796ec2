using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>Looks for an answer: bypass rules, exact key, other spellings, similar wording, in this order. Records what it decides.</summary>
internal sealed class CacheLookup(ICacheStore store, SemanticTierSource tiers, CacheJudgements judgements, CacheRecords records, TimeProvider time, ILogger logger)
{
    private readonly CacheJudge _judge = new(judgements, time);

    /// <summary>Gives the request with its keys, or <see langword="null"/> when the call does not concern the cache.</summary>
    public CacheRequest? Open(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CachePolicy policy, in CacheRoute route)
    {
        try
        {
            var reason = CacheBypass.Reason(messages, options, call, policy);
            if (reason is null)
            {
                var exact = RequestKeys.Exact(messages, options, call, policy, route, out var problem);
                if (problem is null)
                    return new(messages, options, call, policy, route, exact, store.Generation);
                reason = $"the request has {problem}";
            }

            records.Bypass(call, reason);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CachingTelemetry.Failed(logger, call.Pipeline, exception.GetType().Name);
            records.Bypass(call, "the request could not be read");
        }

        return null;
    }

    /// <summary>Gives the answer to serve, or <see langword="null"/> when a model must be asked.</summary>
    public async ValueTask<CacheHit?> FindAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var tier = tiers.For(request.Policy);
            Task<string?>? embedding = null;
            if (request.MayRead)
            {
                var finding = store.FindAsync(request.Exact, cancellationToken);
                // While a store is on its way, so is the embedding.
                if (!finding.IsCompleted && tier is not null && request.WhyUnfit() is null)
                    embedding = tier.EmbedAsync(request, cancellationToken).AsTask();
                if (await finding.ConfigureAwait(false) is { } entry && _judge.MayServe(request, entry))
                    return records.Hit(request, entry, new(CacheStep.Hit, "an equal request") { Tier = CacheTier.Exact }, request.Policy.Observe);
            }

            // Not read before: what was found had been fit to be kept.
            if (request.WhyUnfit() is { } unfit)
            {
                records.Bypass(request.Call, unfit);
                request.Forget();
                return null;
            }

            return await FindOtherWordingAsync(request, tier, embedding, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            CachingTelemetry.Failed(logger, request.Call.Pipeline, exception.GetType().Name);
            return records.Miss(request, new(CacheStep.Miss, "the cache failed"));
        }
    }

    private async ValueTask<CacheHit?> FindOtherWordingAsync(CacheRequest request, SemanticTier? tier, Task<string?>? embedding, CancellationToken cancellationToken)
    {
        var noRead = request.MayRead ? null : "the call asks for a fresh answer";
        var asked = CacheTier.Exact;
        if (request.MayRead && request.Normalised is { } normalised)
        {
            asked = CacheTier.Normalised;
            if (await store.FindNormalisedAsync(normalised, cancellationToken).ConfigureAwait(false) is { } entry && _judge.MayServe(request, entry))
                return records.Hit(request, entry, new(CacheStep.Hit, "equal but for its form") { Tier = asked }, request.Policy.Observe);
        }

        if (tier is null || string.IsNullOrWhiteSpace(request.Question))
            return records.Miss(request, new(CacheStep.Miss, noRead ?? "no equal request") { Tier = asked });
        var problem = await (embedding ?? tier.EmbedAsync(request, cancellationToken).AsTask()).ConfigureAwait(false);
        if (request.Query is not { } query || !request.MayRead)
            return records.Miss(request, new(CacheStep.Miss, problem ?? noRead ?? "no equal request") { Tier = asked });
        var nearest = await store.FindNearestAsync(request.Space, query, cancellationToken).ConfigureAwait(false);
        var step = _judge.Choose(request, tier, nearest, out var chosen);
        return chosen is null
            ? records.Miss(request, step)
            : records.Hit(request, chosen, step, request.Policy.Observe || judgements.ThresholdFor(request.Policy, tier) is null);
    }
}
