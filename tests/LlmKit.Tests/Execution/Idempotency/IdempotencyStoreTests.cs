using System.Text;
using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>Stores of somebody's: shared, slow, down, full of something else.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyStoreTests(bool streamed)
{
    [Test]
    public async Task Ask_OtherMachineWithTheSameCache_GivesTheSameAnswer()
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        using var one = IdempotencyRig.Numbering(store: new DistributedIdempotencyStore(cache));
        using var other = IdempotencyRig.Of(ScriptedAnswer.Text("another answer"));
        using var sharing = new IdempotencyRig(_ => ScriptedAnswer.Text("another answer"), store: new DistributedIdempotencyStore(cache));
        await one.AskAsync(streamed);

        var apart = await other.AskAsync(streamed);
        var shared = await sharing.AskAsync(streamed);

        Assert.That((apart.Text, shared.Text), Is.EqualTo(("another answer", "answer 0")));
        Assert.That(sharing.Model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_PermanentFailureInASharedStore_IsKnownElsewhere()
    {
        var store = new FixedStore();
        using var one = new IdempotencyRig(_ => ScriptedAnswer.Throws(Failures.Http(400)), store: store);
        using var other = IdempotencyRig.Numbering(store: store);
        await one.AskAsync(streamed);

        var outcome = await other.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<RepeatedFailureException>());
        Assert.That(outcome.Error!.GetModelFailure()!.Status, Is.EqualTo(400));
    }

    [Test]
    public async Task Ask_StoreFails_GoesOnAndSaysThatItWasNotEvaluated()
    {
        using var rig = IdempotencyRig.Numbering(store: new FixedStore { Failure = new IOException("the store's own words") });

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("answer 0"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "not-evaluated", "began", "not-remembered" }));
    }

    [Test]
    public async Task Ask_StoreFailsAndMustNot_IsRefusedBeforeAnythingIsSent()
    {
        using var rig = IdempotencyRig.Numbering(options => options.WhenStoreFails = WhenStoreFails.Refuse, new FixedStore { Failure = new IOException("the store's own words") });

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<LlmException>().With.Message.Contains("WhenStoreFails").And.Message.Not.Contains("own words"));
        Assert.That((rig.Model.Requests.Count, rig.Spent, rig.Reserved), Is.EqualTo((0, 0m, 0m)));
    }

    [Test]
    public async Task Ask_StoreHangs_IsWaitedForNoLongerThanAllowed()
    {
        using var rig = IdempotencyRig.Numbering(options => options.StoreTimeout = TimeSpan.FromSeconds(3), new FixedStore { HangsAtFinding = true });

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed));

        Assert.That(outcome.Text, Is.EqualTo("answer 0"));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task Ask_StoreHangsAtKeeping_DoesNotHoldTheAnswer()
    {
        using var rig = IdempotencyRig.Numbering(store: new FixedStore { HangsAtKeeping = true });

        var first = await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That((first.Text, second.Text), Is.EqualTo(("answer 0", "answer 0")));
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 0);
        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Ask_AnswerLargerThanTheMemory_IsNotRememberedAndSaysSo()
    {
        using var metrics = new IdempotencyMetrics();
        using var rig = new IdempotencyRig(number => ScriptedAnswer.Text(new string('a', 2_000), $" answer {number}"), options => options.MaxBytes = 1_024);

        var first = await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That(first.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
        Assert.That(second.Text, Does.EndWith("answer 1"));
        Assert.That(metrics.Seen, Has.None.Contains("=remembered"));
    }

    [TestCase("not JSON", "not-evaluated")]
    [TestCase("""{"version":1}""", "not-evaluated")]
    [TestCase("""{"version":1,"request":"00","removed":null,"process":"p","model":"m","marks":0,"answer":42}""", "not-evaluated")]
    [TestCase("""{"version":1,"request":"0000000000000000000000000000000000000000000000000000000000000000","removed":null,"process":"p","model":"m","marks":0,"answer":42}""", "not-evaluated")]
    [TestCase("""{"version":2,"whatever":true}""", "began")]
    [TestCase("[]", "began")]
    public async Task Ask_StoreHoldsSomethingElse_IsAsked(string content, string decision)
    {
        using var rig = IdempotencyRig.Numbering(store: new FixedStore { Content = Encoding.UTF8.GetBytes(content) });

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Decisions[0]), Is.EqualTo(("answer 0", decision)));
    }

    [Test]
    public async Task Ask_KeyInTheStore_ShowsNothingOfTheCallersKey()
    {
        var store = new FixedStore();
        using var rig = IdempotencyRig.Numbering(store: store);

        await rig.AskAsync(streamed, prompt: "a private question");

        Assert.That(store.Keys.Single(), Does.Match("^llmkit-idempotency-[0-9a-f]{64}$"));
        Assert.That(Encoding.UTF8.GetString(store.Content!), Does.Not.Contain("private").And.Not.Contain("order-7").And.Not.Contain("acme"));
    }

    /// <summary>Holds one outcome, or fails in the way that the test says.</summary>
    private sealed class FixedStore : IIdempotencyStore
    {
        public byte[]? Content { get; set; }

        public List<string> Keys { get; } = [];

        public Exception? Failure { get; init; }

        public bool HangsAtFinding { get; init; }

        public bool HangsAtKeeping { get; init; }

        public async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
        {
            await ActAsync(HangsAtFinding);
            return Content;
        }

        public async ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken)
        {
            await ActAsync(HangsAtKeeping);
            Keys.Add(key);
            Content = outcome;
            return true;
        }

        private Task ActAsync(bool hangs) => hangs ? new TaskCompletionSource().Task : Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }
}
