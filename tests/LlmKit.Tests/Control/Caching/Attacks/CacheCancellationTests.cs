using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Control.Caching.Store;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>Callers who leave at each of the moments at which the cache waits.</summary>
[TestFixture(false, false)]
[TestFixture(false, true)]
[TestFixture(true, false)]
[TestFixture(true, true)]
public sealed class CacheCancellationTests(bool composed, bool streamed) : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    public void Dispose() => _leaving.Dispose();

    [Test]
    public async Task Leave_BeforeItBegins_AsksNobody()
    {
        var bench = new CacheBench(composed);
        await _leaving.CancelAsync();

        Assert.That(async () => await AskAsync(bench, _leaving.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(bench.Asked, Is.Zero);
        Assert.That((await bench.AskAsync("hello", streamed)).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Leave_WhileTheQuestionIsEmbedded_AsksNobodyAndLeavesNoTimer()
    {
        var hanging = new TaskCompletionSource<float[]>();
        var bench = new CacheBench(composed, cache => (cache.Embedder, cache.MinSimilarity) = (new ScriptedEmbedder((_, _) => hanging.Task), 0.9));
        var asking = AskAsync(bench, _leaving.Token);

        await _leaving.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((bench.Asked, bench.Time.ActiveTimers), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Leave_WhileTheDistributedCacheHangs_AsksNobodyAndLeavesNoTimer()
    {
        if (!composed)
            return;
        var far = new FarCache();
        var bench = new CacheBench(composed, cache => cache.UseDistributedCache = true, time: far.Time, distributed: far);
        far.Hang();
        var asking = AskAsync(bench, _leaving.Token);

        await _leaving.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((bench.Asked, bench.Time.ActiveTimers), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Leave_WhileWaitingForAnEqualCall_LeavesThatCallItsAnswer([Values] bool otherWay)
    {
        var bench = Slow();
        var first = bench.AskAsync("hello", streamed != otherWay);
        await ManualTimeExtensions.UntilAsync(() => bench.Asked == 1);
        var second = AskAsync(bench, _leaving.Token);

        await _leaving.CancelAsync();

        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await bench.Time.FinishAsync(first)).Text, Is.EqualTo("answer 0"));
        Assert.That((bench.Asked, bench.Cache.Store.Count, bench.Time.ActiveTimers), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public async Task Leave_AllThatWait_EndsTheRequestAndKeepsNothing()
    {
        var bench = Slow();
        var asking = Enumerable.Range(0, 5).Select(_ => AskAsync(bench, _leaving.Token)).ToArray();
        await ManualTimeExtensions.UntilAsync(() => bench.Asked == 1);

        await _leaving.CancelAsync();

        foreach (var one in asking)
            Assert.That(async () => await one, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((bench.Cache.Store.Count, bench.Model.OpenStreams), Is.EqualTo((0, 0)));
        Assert.That((await bench.Time.FinishAsync(bench.AskAsync("hello", streamed))).Text, Is.EqualTo("answer 1"));
        Assert.That(bench.Time.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Leave_DuringAReplay_EndsItAndTheNextIsWhole()
    {
        var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text("one ", "two ", "three")));
        await bench.AskAsync("hello", streamed: true);
        await using var replay = bench.Client.GetStreamingResponseAsync("hello", cancellationToken: _leaving.Token).GetAsyncEnumerator();
        await replay.MoveNextAsync();

        await _leaving.CancelAsync();

        Assert.That(async () => await replay.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await bench.AskAsync("hello", streamed)).Text, Is.EqualTo("one two three"));
        Assert.That(bench.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Leave_TheReplayUnread_LeavesTheNextWhole()
    {
        var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text("one ", "two ", "three")));
        await bench.AskAsync("hello", streamed: true);

        await foreach (var _ in bench.Client.GetStreamingResponseAsync("hello"))
            break;

        Assert.That((await bench.AskAsync("hello", streamed)).Text, Is.EqualTo("one two three"));
        Assert.That(bench.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Leave_AfterTheWholeAnswerHasCome_StillEndsWellAndKeepsIt()
    {
        // A caller whose token runs out while the answer is being kept has its answer all the same.
        if (!composed)
            return;
        var far = new CancellingCache(_leaving);
        var bench = new CacheBench(composed, cache => cache.UseDistributedCache = true, distributed: far);

        await AskAsync(bench, _leaving.Token);

        Assert.That(_leaving.IsCancellationRequested);
        Assert.That(await Eventually.IsAsync(() => far.Kept == 1), "it was kept");
        Assert.That((await bench.AskAsync("hello", streamed)).Text, Is.EqualTo("answer 0"));
    }

    private CacheBench Slow()
    {
        var time = new ManualTimeProvider();
        return new(composed, model: new((number, _) => ScriptedAnswer.Text("answer ", $"{number}") with { Delay = TimeSpan.FromSeconds(1), DelayBetween = TimeSpan.FromSeconds(1) }, time), time: time);
    }

    private async Task<string> AskAsync(CacheBench bench, CancellationToken cancellationToken) => streamed
        ? (await bench.Client.GetStreamingResponseAsync("hello", cancellationToken: cancellationToken).ToChatResponseAsync(cancellationToken)).Text
        : (await bench.Client.GetResponseAsync("hello", cancellationToken: cancellationToken)).Text;

    /// <summary>A cache during whose writing the caller leaves.</summary>
    private sealed class CancellingCache(CancellationTokenSource leaving) : Microsoft.Extensions.Caching.Distributed.IDistributedCache
    {
        public int Kept { get; private set; }

        public byte[]? Get(string key) => null;

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult<byte[]?>(null);

        public void Set(string key, byte[] value, Microsoft.Extensions.Caching.Distributed.DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public async Task SetAsync(string key, byte[] value, Microsoft.Extensions.Caching.Distributed.DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await leaving.CancelAsync();
            token.ThrowIfCancellationRequested();
            Kept++;
        }

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key)
        {
        }

        public Task RemoveAsync(string key, CancellationToken token = default) => Task.CompletedTask;
    }
}
