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
        var lookup = Lookup();
        var request = lookup.Open([new(ChatRole.User, "a prompt")], new LlmCallOptions { Call = call }, call, _policy, new(default, []))!;

        var answer = await lookup.FindAsync(request, CancellationToken.None);

        Assert.That(answer, Is.Null);
        Assert.That(call.Steps.Single(), Has.Property("Decision").EqualTo("miss").And.Property("Reason").EqualTo("the cache failed"));
        Assert.That(_logs.Messages, Has.Some.Contains("IOException").And.None.Contains("a prompt").And.None.Contains("secret-host"));
    }

    [Test]
    public void Find_CancelledWhileTheStoreFails_IsCancelled()
    {
        var call = new LlmCall(CallSetup.Alone("test", _clock, _logs), default, isStreaming: false);
        var lookup = Lookup();
        var request = lookup.Open([new(ChatRole.User, "a prompt")], new LlmCallOptions { Call = call }, call, _policy, new(default, []))!;

        Assert.That(async () => await lookup.FindAsync(request, new CancellationToken(canceled: true)), Throws.Exception);
    }

    private CacheLookup Lookup()
    {
        var store = new BrokenStore();
        var judgements = new CacheJudgements(store, "test", _logs);
        return new(store, new(_policy, embedders: null, "test", _clock, _logs), judgements, new(new(), judgements, _clock), _clock, _logs);
    }

    /// <summary>A store whose server is down.</summary>
    private sealed class BrokenStore : ICacheStore
    {
        public long Generation => 0;

        public ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken) => throw Down();

        public ValueTask<CacheEntry?> FindNormalisedAsync(Hash256 normalised, CancellationToken cancellationToken) => throw Down();

        public ValueTask<IReadOnlyList<Neighbour<CacheEntry>>> FindNearestAsync(Hash256 space, float[] vector, CancellationToken cancellationToken) => throw Down();

        public ValueTask<string?> AddAsync(CacheEntry entry, CachePolicy bounds, long generation, CancellationToken cancellationToken) => throw Down();

        public ValueTask<int> InvalidateAsync(string tag, CancellationToken cancellationToken) => throw Down();

        public ValueTask RemoveAsync(Hash256 exact, CancellationToken cancellationToken) => throw Down();

        private static IOException Down() => new("secret-host: connection refused");
    }
}
