using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Internal.Keys;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lookup;

public sealed class CacheLookupTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RememberingLogs _logs = new();
    private readonly CachePolicy _policy = new(new());

    [Test]
    public async Task Find_StoreIsDown_IsAMissThatIsRecordedAndLogged()
    {
        var call = new LlmCall(CallSetup.Alone("test", _clock, _logs), default, isStreaming: false);
        var lookup = new CacheLookup(new BrokenStore(), new(_policy, embedders: null, "test", _clock, _logs), _clock, _logs);
        var request = lookup.Open([new(ChatRole.User, "a prompt")], new LlmCallOptions { Call = call }, call, _policy)!;

        var answer = await lookup.FindAsync(request, CancellationToken.None);

        Assert.That(answer, Is.Null);
        Assert.That(call.Steps.Single(), Has.Property("Decision").EqualTo("miss").And.Property("Reason").EqualTo("the cache failed"));
        Assert.That(_logs.Messages, Has.Some.Contains("IOException").And.None.Contains("a prompt").And.None.Contains("secret-host"));
    }

    [Test]
    public void Find_CancelledWhileTheStoreFails_IsCancelled()
    {
        var call = new LlmCall(CallSetup.Alone("test", _clock, _logs), default, isStreaming: false);
        var lookup = new CacheLookup(new BrokenStore(), new(_policy, embedders: null, "test", _clock, _logs), _clock, _logs);
        var request = lookup.Open([new(ChatRole.User, "a prompt")], new LlmCallOptions { Call = call }, call, _policy)!;

        Assert.That(async () => await lookup.FindAsync(request, new CancellationToken(canceled: true)), Throws.Exception);
    }

    /// <summary>A store whose server is down.</summary>
    private sealed class BrokenStore : ICacheStore
    {
        public ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken) => throw new IOException("secret-host: connection refused");

        public ValueTask<IReadOnlyList<Nearest>> FindNearestAsync(Hash256 partition, float[] vector, CancellationToken cancellationToken) => throw new IOException("secret-host: connection refused");

        public ValueTask<bool> AddAsync(CacheEntry entry, CachePolicy bounds, CancellationToken cancellationToken) => throw new IOException("secret-host: connection refused");
    }
}
