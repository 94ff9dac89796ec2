using Microsoft.Extensions.Caching.Distributed;

namespace LlmKit.Execution.Idempotency;

/// <summary>Keeps the outcomes of calls in a distributed cache, so that every machine gives the same answer to the same key.</summary>
/// <remarks>
/// Thread-safe. Shares what is complete: two machines that get the same key at the same moment both ask, and the later answer is kept.
/// A request from which rails removed something is repeated within one process only.
/// Register it with <c>services.AddSingleton&lt;IIdempotencyStore, DistributedIdempotencyStore&gt;()</c>. Answers leave the process in clear.
/// </remarks>
/// <param name="cache">The cache. Its entries may be dropped before their time, which means that a repeated call is made again.</param>
public sealed class DistributedIdempotencyStore(IDistributedCache cache) : IIdempotencyStore
{
    private readonly IDistributedCache _cache = cache ?? throw new ArgumentNullException(nameof(cache));

    /// <inheritdoc/>
    public async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) =>
        await _cache.GetAsync(key, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken)
    {
        await _cache.SetAsync(key, outcome, new() { AbsoluteExpirationRelativeToNow = window }, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
