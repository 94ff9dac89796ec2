using System.Collections.Concurrent;
using LlmKit.Testing;
using Microsoft.Extensions.Caching.Distributed;

namespace LlmKit.Tests.Control.Caching.Store;

/// <summary>A distributed cache in this process, which can fail and hang.</summary>
internal sealed class FarCache : IDistributedCache
{
    private readonly ConcurrentDictionary<string, (byte[] Value, DateTimeOffset Expires)> _entries = [];
    private bool _hangs;

    public ManualTimeProvider Time { get; } = new();

    public Exception? Failure { get; set; }

    public IReadOnlyCollection<string> Keys => [.. _entries.Keys];

    public IReadOnlyCollection<byte[]> Values => [.. _entries.Values.Select(entry => entry.Value)];

    public void Hang() => _hangs = true;

    /// <summary>Puts something else in the place of everything.</summary>
    public void Replace(byte[] value)
    {
        foreach (var key in _entries.Keys)
            _entries[key] = (value, DateTimeOffset.MaxValue);
    }

    public byte[]? Get(string key) => throw new NotSupportedException();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await WorkAsync();
        return _entries.TryGetValue(key, out var entry) && entry.Expires > Time.GetUtcNow() ? entry.Value : null;
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await WorkAsync();
        _entries[key] = (value, Time.GetUtcNow() + options.AbsoluteExpirationRelativeToNow!.Value);
    }

    public void Refresh(string key)
    {
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public void Remove(string key) => throw new NotSupportedException();

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        await WorkAsync();
        _entries.TryRemove(key, out _);
    }

    private async Task WorkAsync()
    {
        if (Failure is not null)
            throw Failure;
        if (_hangs)
            await new TaskCompletionSource().Task;
    }
}
