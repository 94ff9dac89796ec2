using LlmKit.Calls;

namespace LlmKit.Control.Caching;

/// <summary>Stores answers whose calls have ended well.</summary>
internal sealed class CacheWriter(ICacheStore store, CacheJudgements judgements, CacheRecords records, CacheLifetimes lifetimes)
{
    /// <summary>Whether the answer is there: the call that asked for it has stored it.</summary>
    public async ValueTask<bool> IsStoredAsync(CacheRequest request) => await store.FindAsync(request.Exact, CancellationToken.None).ConfigureAwait(false) is not null;

    /// <summary>Stores an answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="asker">The equal call that had asked for it: what it depends on, and what it cost, stands there. <see langword="null"/> for the call itself.</param>
    public async ValueTask StoreAsync(CacheRequest request, CachedAnswer answer, LlmCall? asker)
    {
        if (judgements.IsRejected(request.Exact, answer))
        {
            CacheRecords.NotStored(request.Call, "the answer was said to be wrong before");
            return;
        }

        var entry = new CacheEntry
        {
            Exact = request.Exact,
            Normalised = request.Normalised,
            Space = request.Space,
            Text = request.Text,
            Answer = answer,
            Tags = [.. request.Call.CacheTagsOf(request.Terms).Union(asker?.CacheTagsOf(asker.Terms) ?? [], StringComparer.Ordinal)],
            Writer = request.Writer,
            Cost = (asker ?? request.Call).Spent,
            Stored = lifetimes.Now,
            StoredAt = lifetimes.UtcNow,
            BegunAt = (asker ?? request.Call).StartedAt,
            MayLeave = request.Call.Salt is null,
            Life = lifetimes.Next(request.TimeToLive),
        };
        if (await store.AddAsync(entry, request.Policy, request.Generation, CancellationToken.None).ConfigureAwait(false) is { } problem)
            CacheRecords.NotStored(request.Call, problem);
        else
            records.Stored(request, entry);
    }
}
