using System.Globalization;
using System.Text;
using LlmKit.Internal;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>Keeps answers in memory, and those to equal requests in a distributed cache too, so that other machines and later processes find them.</summary>
/// <remarks>
/// The distributed cache is waited for a bounded time; when it fails, the memory goes on alone. An invalidated tag leaves a stamp there, which
/// is looked at before a tagged answer is served, also one from memory: a stamp that cannot be read makes a miss. Machines' clocks may differ by
/// <see cref="Skew"/>. What rails removed is hashed under a key of the process, so answers to such requests stay in it.
/// </remarks>
internal sealed class DistributedCacheStore(MemoryCacheStore near, IDistributedCache far, Func<CachePolicy> policy, TimeProvider time, string pipeline, ILogger logger) : ICacheStore
{
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    // A stamp outlives every tagged answer that is served, whatever the times to live of the instances are.
    private static readonly TimeSpan s_longestTagged = TimeSpan.FromDays(366);

    private const string EntryPrefix = "llmkit-cache-";
    private const string TagPrefix = "llmkit-cache-tag-";

    public long Generation => near.Generation;

    public async ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken)
    {
        var entry = await near.FindAsync(exact, cancellationToken).ConfigureAwait(false);
        if (entry is null && await ReadAsync(EntryPrefix + exact.ToHex(), cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            entry = TryRead(bytes, exact);
            if (entry is not null && near.Add(entry, policy(), near.Generation) is not null)
                return null;
        }

        return entry is not null && await IsCurrentAsync(entry, cancellationToken).ConfigureAwait(false) ? entry : null;
    }

    public async ValueTask<CacheEntry?> FindNormalisedAsync(Hash256 normalised, CancellationToken cancellationToken) =>
        await near.FindNormalisedAsync(normalised, cancellationToken).ConfigureAwait(false) is { } entry && await IsCurrentAsync(entry, cancellationToken).ConfigureAwait(false) ? entry : null;

    public async ValueTask<IReadOnlyList<Neighbour<CacheEntry>>> FindNearestAsync(Hash256 space, float[] vector, CancellationToken cancellationToken)
    {
        var current = new List<Neighbour<CacheEntry>>();
        foreach (var neighbour in await near.FindNearestAsync(space, vector, cancellationToken).ConfigureAwait(false))
        {
            if (await IsCurrentAsync(neighbour.Item, cancellationToken).ConfigureAwait(false))
                current.Add(neighbour);
        }

        return current;
    }

    public async ValueTask<string?> AddAsync(CacheEntry entry, CachePolicy bounds, long generation, CancellationToken cancellationToken)
    {
        if (entry.Tags.Length > 0 && !await IsCurrentAsync(entry, cancellationToken).ConfigureAwait(false))
            return "what the answer depends on was invalidated meanwhile";
        if (near.Add(entry, bounds, generation) is { } problem)
            return problem;
        if (entry.MayLeave)
            await GuardAsync(async token => await WriteAsync(EntryPrefix + entry.Exact.ToHex(), FarEntry.ToBytes(entry, time.GetUtcNow()), entry.Life, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The distributed cache took too long, so that other instances may not know; this process does.</exception>
    public async ValueTask<int> InvalidateAsync(string tag, CancellationToken cancellationToken)
    {
        var dropped = await near.InvalidateAsync(tag, cancellationToken).ConfigureAwait(false);
        var stamp = Encoding.ASCII.GetBytes(time.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture));
        using var patience = new CancellationTokenSource(policy().StoreTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await WriteAsync(StampKey(tag), stamp, s_longestTagged, both.Token).OrCancelled(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The distributed cache took too long, so other instances may still serve what was invalidated. Invalidate it again when the cache is back.", exception);
        }

        return dropped;
    }

    public async ValueTask RemoveAsync(Hash256 exact, CancellationToken cancellationToken)
    {
        await near.RemoveAsync(exact, cancellationToken).ConfigureAwait(false);
        await GuardAsync(async token =>
        {
            await far.RemoveAsync(EntryPrefix + exact.ToHex(), token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A tag may be anything, and a key not.</summary>
    private static string StampKey(string tag) => TagPrefix + KeyWriter.KeyOf([tag]).ToHex();

    private async ValueTask<bool> IsCurrentAsync(CacheEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Tags.Length > 0 && entry.Age(time) > s_longestTagged)
            return false;
        foreach (var tag in entry.Tags)
        {
            var (isRead, stamp) = await TryReadAsync(StampKey(tag), cancellationToken).ConfigureAwait(false);
            if (!isRead || (stamp is not null && !IsBefore(stamp, entry.BegunAt ?? entry.StoredAt)))
                return false;
        }

        return true;
    }

    private static bool IsBefore(byte[] stamp, DateTimeOffset moment) =>
        long.TryParse(Encoding.ASCII.GetString(stamp), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks + Skew.Ticks < moment.UtcTicks;

    private CacheEntry? TryRead(byte[] bytes, in Hash256 exact)
    {
        try
        {
            return FarEntry.Read(bytes, exact, time);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CachingTelemetry.Failed(logger, pipeline, exception.GetType().Name);
            return null;
        }
    }

    private async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => (await TryReadAsync(key, cancellationToken).ConfigureAwait(false)).Value;

    private async ValueTask<(bool IsRead, byte[]? Value)> TryReadAsync(string key, CancellationToken cancellationToken)
    {
        byte[]? value = null;
        var isRead = await GuardAsync(async token =>
        {
            value = await far.GetAsync(key, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        return (isRead, isRead ? value : null);
    }

    private async Task<bool> WriteAsync(string key, byte[] value, TimeSpan life, CancellationToken cancellationToken)
    {
        await far.SetAsync(key, value, new() { AbsoluteExpirationRelativeToNow = life }, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Lets the distributed cache do something within its time; a failure is logged and goes no further.</summary>
    private async ValueTask<bool> GuardAsync(Func<CancellationToken, Task<bool>> action, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(policy().StoreTimeout, time);
        using var leaving = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), patience);
        try
        {
            return await action(patience.Token).OrCancelled(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            CachingTelemetry.Failed(logger, pipeline, patience.IsCancellationRequested ? nameof(TimeoutException) : exception.GetType().Name);
            return false;
        }
    }
}
