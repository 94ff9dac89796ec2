using System.Collections.Concurrent;
using System.Text;
using LlmKit.Testing;
using Microsoft.Extensions.Caching.Distributed;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>A distributed cache that does everything but keep costs a call nothing but a hit.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class HostileDistributedCacheTests(bool streamed)
{
    private static readonly Dictionary<string, Func<Task<byte[]?>>> Tricks = new()
    {
        ["throws at once"] = () => throw new InvalidOperationException("secret"),
        ["fails"] = () => Task.FromException<byte[]?>(new IOException("secret")),
        ["cancels itself"] = () => Task.FromException<byte[]?>(new OperationCanceledException()),
        ["gives no task"] = () => null!,
        ["gives an empty array"] = () => Task.FromResult<byte[]?>([]),
        ["gives zeros"] = () => Task.FromResult<byte[]?>(new byte[100_000]),
        ["gives deep nesting"] = () => Task.FromResult<byte[]?>(Encoding.UTF8.GetBytes(new string('[', 100_000))),
    };

    private static readonly string[] Names = [.. Tricks.Keys];

    [Test]
    public async Task Ask_ItMisbehaves_IsAMissAndMemoryStillServes([ValueSource(nameof(Names))] string trick)
    {
        var bench = Instance(new TrickyCache { Trick = Tricks[trick] });

        await bench.AskAsync("hello", streamed);
        var (again, call) = await bench.AskAsync("hello", streamed);

        Assert.That((again, bench.Asked), Is.EqualTo(("answer 0", 1)));
        Assert.That(call.Steps.Select(step => $"{step.Reason}"), Has.None.Contains("secret"));
        Assert.That(bench.Time.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_ItMisbehavesWhereTagsAreLookedUp_ServesNoTaggedAnswer([ValueSource(nameof(Names))] string trick)
    {
        var far = new TrickyCache();
        var bench = Instance(far);
        LlmCallOptions Options() => new() { CacheTags = ["doc:1"] };
        await bench.AskAsync("hello", streamed, Options());
        far.Trick = Tricks[trick];

        Assert.That((await bench.AskAsync("hello", streamed, Options())).Text, Is.EqualTo("answer 1"), "it may have been invalidated");
    }

    [Test]
    public async Task Ask_ItGivesTheAnswerToAnotherRequest_Misses()
    {
        var far = new TrickyCache();
        await Instance(far).AskAsync("hello", streamed, new() { Tenant = "other", User = "bob" });
        var another = far.Kept.Single();
        far.Trick = () => Task.FromResult<byte[]?>(another);
        var bench = Instance(far, "mine");

        Assert.That((await bench.AskAsync("hello", streamed, new() { Tenant = "acme", User = "ann" })).Text, Is.EqualTo("mine 0"));
    }

    private static CacheBench Instance(IDistributedCache far, string says = "answer") => new(
        composed: true, cache => cache.UseDistributedCache = true, new((number, _) => ScriptedAnswer.Text($"{says} {number}")), distributed: far);

    private sealed class TrickyCache : IDistributedCache
    {
        private readonly ConcurrentDictionary<string, byte[]> _entries = [];

        public Func<Task<byte[]?>>? Trick { get; set; }

        public ICollection<byte[]> Kept => _entries.Values;

        public byte[]? Get(string key) => throw new NotSupportedException();

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Trick?.Invoke() ?? (Trick is null ? Task.FromResult(_entries.GetValueOrDefault(key)) : null!);

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            _entries[key] = value;
            return Trick?.Invoke() ?? (Trick is null ? Task.CompletedTask : null!);
        }

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();
    }
}
