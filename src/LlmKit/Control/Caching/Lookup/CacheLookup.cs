using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>Looks for an answer: bypass rules, exact key, similar wording, in this order. Records what it decides.</summary>
internal sealed class CacheLookup(ICacheStore store, SemanticTierSource tiers, TimeProvider time, ILogger logger)
{
    /// <summary>Gives the request with its keys, or <see langword="null"/> when the call does not concern the cache.</summary>
    public CacheRequest? Open(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CachePolicy policy)
    {
        try
        {
            var lastUser = Turns.LastOfUser(messages);
            var reason = CacheBypass.Reason(messages, lastUser, options, call, policy);
            if (reason is null)
            {
                var keys = RequestKeys.Of(messages, lastUser, options, call, policy, tiers.For(policy)?.Id);
                if (keys.Problem is null)
                    return new(call, policy, keys, lastUser < 0 ? "" : messages[lastUser].Text, CacheBypass.Directives(options, call), CacheBypass.MaxAge(options, call));
                reason = $"the request has {keys.Problem}";
            }

            return Bypass(call, reason);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CachingTelemetry.Failed(logger, call.Pipeline, exception.GetType().Name);
            return Bypass(call, "the request could not be read");
        }
    }

    /// <summary>Gives the answer to serve, or <see langword="null"/> when a model must be asked.</summary>
    public async ValueTask<CachedAnswer?> FindAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (request.MayRead && await store.FindAsync(request.Keys.Exact, cancellationToken).ConfigureAwait(false) is { } entry && request.Accepts(entry, time))
                return Hit(request, entry, new(CacheStep.Hit) { Tier = CacheTier.Exact }, isObserved: request.Policy.Observe);
            return await FindSimilarAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            CachingTelemetry.Failed(logger, request.Call.Pipeline, exception.GetType().Name);
            return Miss(request, new(CacheStep.Miss, "the cache failed"));
        }
    }

    private static CacheRequest? Bypass(LlmCall call, string reason)
    {
        call.AddStep(new CacheStep(CacheStep.Bypass, reason));
        CachingTelemetry.CountLookup(CacheTier.None, CacheStep.Bypass);
        return null;
    }

    private async ValueTask<CachedAnswer?> FindSimilarAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        var noRead = request.MayRead ? null : "the call asks for a fresh answer";
        if (tiers.For(request.Policy) is not { } tier || string.IsNullOrWhiteSpace(request.Question))
            return Miss(request, new(CacheStep.Miss, noRead) { Tier = CacheTier.Exact });
        var problem = await tier.EmbedAsync(request, cancellationToken).ConfigureAwait(false);
        if (request.Text is not { } text || !request.MayRead)
            return Miss(request, new(CacheStep.Miss, problem ?? noRead) { Tier = CacheTier.Exact });
        var nearest = await store.FindNearestAsync(request.Keys.Partition, text.Vector, cancellationToken).ConfigureAwait(false);
        return Choose(request, text, nearest);
    }

    /// <summary>Tries the candidates in order: the first that is similar enough, young enough and forbidden by no guard is the answer.</summary>
    private CachedAnswer? Choose(CacheRequest request, SemanticText text, IReadOnlyList<Nearest> nearest)
    {
        var threshold = request.Policy.MinSimilarity ?? CachePolicy.ObservedSimilarity;
        var step = new CacheStep(CacheStep.Miss) { Tier = CacheTier.Semantic, Threshold = threshold, Similarity = nearest.Count > 0 ? nearest[0].Similarity : null };
        List<string>? vetoes = null;
        for (var i = 0; i < nearest.Count && nearest[i].Similarity >= threshold; i++)
        {
            if (!request.Accepts(nearest[i].Entry, time))
                continue;
            if (GuardSet.Veto(text.Facets, nearest[i].Entry.Text!.Facets, request.Policy.Guards) is { } veto)
            {
                (vetoes ??= []).Add(veto);
                continue;
            }

            var hit = step with { Decision = CacheStep.Hit, Similarity = nearest[i].Similarity, Vetoes = vetoes ?? [] };
            nearest[i].Entry.IsUsed = true;
            if (Hit(request, nearest[i].Entry, hit, isObserved: request.Policy.Observe || request.Policy.MinSimilarity is null) is { } answer)
                return answer;
            return null;
        }

        return Miss(request, step with { Reason = Why(nearest, vetoes), Vetoes = vetoes ?? [] });
    }

    private static string Why(IReadOnlyList<Nearest> nearest, List<string>? vetoes) => nearest.Count == 0 ? "nothing to compare with"
        : vetoes is null ? "nothing similar enough"
        : "guards forbid the similar ones";

    private CachedAnswer? Hit(CacheRequest request, CacheEntry entry, CacheStep step, bool isObserved)
    {
        request.Call.AddStep(step with { Age = entry.Age(time), Saved = entry.Answer.Usage, Observed = isObserved });
        CachingTelemetry.CountLookup(step.Tier, isObserved ? "observed" : CacheStep.Hit);
        if (isObserved)
            return null;
        request.Call.Model = entry.Answer.Model;
        request.Call.Mark(AnswerMarks.Cached);
        return entry.Answer;
    }

    private static CachedAnswer? Miss(CacheRequest request, CacheStep step)
    {
        request.Call.AddStep(step);
        CachingTelemetry.CountLookup(step.Tier, CacheStep.Miss);
        return null;
    }
}
