using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Control.Caching.Store;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

/// <summary>Defects that were found by attacking the cache, and mended.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class FoundDefectTests(bool streamed)
{
    private static readonly LlmCallOptions OfDocument = new() { CacheTags = ["doc:1"] };

    /// <summary>A flight is found by its exact key alone, so a call that begins after the invalidation joins one that began before it.</summary>
    [Test]
    public async Task Ask_AfterAnInvalidationWhileAnEqualCallIsOnItsWay_GetsAFreshAnswer([Values] bool cleared)
    {
        var bench = Slow();
        var before = bench.AskAsync("hello", streamed, OfDocument);
        await ManualTimeExtensions.UntilAsync(() => bench.Asked == 1);

        await InvalidateAsync(bench, cleared);
        var after = bench.AskAsync("hello", streamed, OfDocument);
        await bench.Time.FinishAsync(Task.WhenAll(before, after));

        Assert.That((await after).Text, Is.EqualTo("answer 1"));
    }

    /// <summary>The call that joined brings its own, later generation, and so keeps what the call that asked may not.</summary>
    [Test]
    public async Task Commit_JoinedAfterAnInvalidation_KeepsNoOutdatedAnswer([Values] bool cleared)
    {
        var bench = Slow();
        var before = bench.AskAsync("hello", streamed, OfDocument);
        await ManualTimeExtensions.UntilAsync(() => bench.Asked == 1);
        await InvalidateAsync(bench, cleared);
        var after = bench.AskAsync("hello", streamed, OfDocument);
        await bench.Time.FinishAsync(Task.WhenAll(before, after));

        var later = await bench.Time.FinishAsync(bench.AskAsync("hello", streamed, OfDocument));

        Assert.That(later.Text, Is.Not.EqualTo("answer 0"));
    }

    /// <summary>What a stage inside found out stands on the call that asked; the call that keeps the answer in its place does not have it.</summary>
    [Test]
    public async Task Commit_TheCallThatAskedHasLeft_KeepsTheTagsThatStagesInsideFound()
    {
        var bench = Slow(inner => new NotingChatClient(inner, call => call.AddCacheTag("doc:7")));
        using var leaving = new CancellationTokenSource();
        var first = Outcome.OfAsync(bench.Client, streamed, cancellationToken: leaving.Token);
        await ManualTimeExtensions.UntilAsync(() => bench.Asked == 1);
        var second = bench.AskAsync("hi", streamed);
        await leaving.CancelAsync();
        await first;
        await bench.Time.FinishAsync(second);

        Assert.That(await bench.Upkeep.InvalidateByTagAsync("doc:7"), Is.EqualTo(1));
    }

    /// <summary>Of the marks on the call that asked, only some come to those that joined, which then keep what it may not.</summary>
    [TestCase(AnswerMarks.Rewritten)]
    [TestCase(AnswerMarks.Blocked)]
    [TestCase(AnswerMarks.Truncated)]
    [TestCase(AnswerMarks.Filtered)]
    public async Task Commit_JoinedAnAnswerThatMayNotBeKept_KeepsNothing(AnswerMarks marks)
    {
        var bench = Slow(inner => new NotingChatClient(inner, call => call.Mark(marks)));
        var first = bench.AskAsync("hello", streamed);
        await ManualTimeExtensions.UntilAsync(() => bench.Asked == 1);

        await bench.Time.FinishAsync(Task.WhenAll(first, bench.AskAsync("hello", streamed)));

        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [TestCase("Which fairs are held in May?", "Which fairs are held in June?")]
    [TestCase("Translate 'see you soon' into Czech", "Translate 'see you later' into Czech")]
    public async Task Ask_WhatOnlyLooksAlike_AsksTheModel(string one, string other)
    {
        var bench = new CacheBench(composed: true, cache => (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9));

        await bench.AskAsync(one, streamed);
        await bench.AskAsync(other, streamed);

        Assert.That(bench.Asked, Is.EqualTo(2));
    }

    /// <summary>A writer is held to a number of entries, and not to bytes.</summary>
    [Test]
    public async Task Ask_ByOneWriterOfLargeAnswers_KeepsTheAnswersOfTheOthers()
    {
        var bench = new CacheBench(
            composed: true,
            cache => (cache.SharedBy, cache.MaxEntries, cache.MaxEntriesPerUser, cache.MaxBytes) = (CacheSharing.Tenant, 100, 10, 100_000),
            new((number, _) => ScriptedAnswer.Text(number == 0 ? "small" : new string('x', 8_000))));
        await bench.AskAsync("What is VAT?", streamed, new() { Tenant = "acme", User = "bob" });

        for (var i = 0; i < 50; i++)
            await bench.AskAsync($"nonsense {i}", streamed, new() { Tenant = "acme", User = "eve" });

        Assert.That(CacheBench.Step((await bench.AskAsync("What is VAT?", streamed, new() { Tenant = "acme", User = "bob" })).Call).Decision, Is.EqualTo("hit"));
    }

    /// <summary>What a call got is remembered for feedback, 10,000 calls of it, and with it answers that the bound on bytes pushed out long ago.</summary>
    [Test]
    public async Task Clear_Everything_LetsTheAnswersGo()
    {
        var bench = new CacheBench(composed: true);
        var entry = await StoreAsync();

        bench.Upkeep.Clear();

        Assert.That(await Collecting.UntilAsync(() => !entry.IsAlive));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        async Task<WeakReference> StoreAsync()
        {
            await bench.AskAsync("hello", streamed);
            return new(bench.Cache.Store.All().Single());
        }
    }

    /// <summary>Texts are hashed as UTF-8, in which every half of a surrogate pair is the same replacement.</summary>
    [Test]
    public async Task Ask_ByTenantsThatDifferInHalfACharacter_SharesNothing()
    {
        var bench = new CacheBench(composed: true);

        await bench.AskAsync("hello", streamed, new() { Tenant = "acme\ud800" });
        await bench.AskAsync("hello", streamed, new() { Tenant = "acme\ud801" });

        Assert.That(bench.Asked, Is.EqualTo(2));
    }

    /// <summary>The stamp's time to live is taken from the settings of the instance that invalidates, not from the answers' own.</summary>
    [Test]
    public async Task Invalidate_AtAnInstanceWithAShorterTimeToLive_HoldsAsLongAsTheAnswersElsewhere()
    {
        var far = new FarCache();
        var one = Instance(far, TimeSpan.FromDays(10));
        var other = Instance(far, TimeSpan.FromHours(1));
        await one.AskAsync("hello", streamed, OfDocument);
        far.Time.Advance(TimeSpan.FromSeconds(5));
        await other.Upkeep.InvalidateByTagAsync("doc:1");

        far.Time.Advance(TimeSpan.FromDays(2));

        Assert.That((await one.AskAsync("hello", streamed, OfDocument)).Text, Is.EqualTo("answer 1"));
    }

    /// <summary>The stamp is written first, and what this process holds is dropped only when that went well.</summary>
    [Test]
    public async Task Invalidate_TheDistributedCacheFails_DropsWhatThisProcessHolds()
    {
        var far = new FarCache();
        var bench = Instance(far, TimeSpan.FromHours(1));
        await bench.AskAsync("hello", streamed, OfDocument);
        far.Failure = new IOException();

        Assert.That(async () => await bench.Upkeep.InvalidateByTagAsync("doc:1"), Throws.InstanceOf<IOException>());

        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    /// <summary>Whoever invalidates waits for the distributed cache without a limit.</summary>
    [Test]
    public async Task Invalidate_TheDistributedCacheHangs_EndsWithinItsTime()
    {
        var far = new FarCache();
        var bench = Instance(far, TimeSpan.FromHours(1));
        far.Hang();

        var invalidating = bench.Upkeep.InvalidateByTagAsync("doc:1").AsTask();
        await Eventually.IsAsync(() => far.Time.ActiveTimers > 0 || invalidating.IsCompleted);
        far.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await Eventually.IsAsync(() => invalidating.IsCompleted));
    }

    /// <summary>The recorder does not take over the id that a message gets after its first update, and so misses where the next begins.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task Hit_OfMessagesWhoseNamesComeLate_HasTheSameMessages(bool byId)
    {
        ChatResponseUpdate[] came = [new(ChatRole.Assistant, "a"), Named("b", "1"), Named("c", "2"), new(null, []) { FinishReason = ChatFinishReason.Stop }];
        using var cache = new SemanticCacheChatClient(new StreamingChatClient(came));
        var fresh = await cache.GetStreamingResponseAsync("hello").ToChatResponseAsync();

        var hit = streamed ? await cache.GetStreamingResponseAsync("hello").ToChatResponseAsync() : await cache.GetResponseAsync("hello");

        Assert.That(hit.Messages.Select(message => message.Text), Is.EqualTo(fresh.Messages.Select(message => message.Text)).And.EqualTo(new[] { "ab", "c" }));

        ChatResponseUpdate Named(string text, string name) => byId ? new(ChatRole.Assistant, text) { MessageId = name } : new(ChatRole.Assistant, text) { AuthorName = name };
    }

    /// <summary>The update that ends a replay carries the answer's properties under the last message's id.</summary>
    [Test]
    public async Task Hit_PropertiesOfTheAnswer_AreWhereTheFreshAnswerHasThem([Values] bool stored)
    {
        using var cache = new SemanticCacheChatClient(new RichAnswer(), new() { StoreToolCalls = true });
        var fresh = await AskAsync(stored);

        var hit = await AskAsync(streamed);

        Assert.That(hit.AdditionalProperties?.GetValueOrDefault("of"), Is.EqualTo(fresh.AdditionalProperties?.GetValueOrDefault("of")).And.EqualTo("answer"));

        async Task<ChatResponse> AskAsync(bool asStream) => asStream ? await cache.GetStreamingResponseAsync("hello").ToChatResponseAsync() : await cache.GetResponseAsync("hello");
    }

    private static CacheBench Slow(Func<IChatClient, IChatClient>? inside = null)
    {
        var time = new ManualTimeProvider();
        return new(composed: true, model: new((number, _) => ScriptedAnswer.Text("answer ", $"{number}") with { Delay = TimeSpan.FromSeconds(1) }, time), time: time, inside: inside);
    }

    private static CacheBench Instance(FarCache far, TimeSpan life) => new(
        composed: true, cache => (cache.UseDistributedCache, cache.TimeToLive) = (true, life), time: far.Time, distributed: far);

    private static async Task InvalidateAsync(CacheBench bench, bool cleared)
    {
        if (cleared)
            bench.Upkeep.Clear();
        else
            await bench.Upkeep.InvalidateByTagAsync("doc:1");
    }

    /// <summary>A stage inside the cache that notes something on the call that asks.</summary>
    private sealed class NotingChatClient(IChatClient inner, Action<LlmCall> note) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Note(options);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Note(options);
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }

        private void Note(ChatOptions? options)
        {
            if (LlmCall.TryGet(options, out var call))
                note(call);
        }
    }

    private sealed class StreamingChatClient(ChatResponseUpdate[] updates) : DelegatingChatClient(new AnsweringChatClient(() => ""))
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            updates.ToAsyncEnumerable();
    }
}
