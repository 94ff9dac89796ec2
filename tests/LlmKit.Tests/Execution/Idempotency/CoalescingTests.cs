using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>Equal calls of the same moment, without a key.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class CoalescingTests(bool streamed)
{
    private static readonly (string Name, Action<LlmCallOptions> Change)[] Differences =
    [
        ("another user", options => options.User = "u2"),
        ("another tenant", options => options.Tenant = "other"),
        ("no user", options => options.User = null),
        ("another temperature", options => options.Temperature = 0.1f),
        ("another limit on cost", options => options.MaxCost = 700),
        ("a wish for a fresh answer", options => options.Cache = LlmCacheDirectives.NoRead),
        ("another feature", options => options.Feature = "legal"),
        ("a limit on the age of a cached answer", options => options.CacheMaxAge = TimeSpan.FromMinutes(1)),
        ("a key", options => options.IdempotencyKey = "order-7"),
        ("raw options", options => options.RawRepresentationFactory = _ => null),
    ];

    private static IEnumerable<string> Names => Differences.Select(difference => difference.Name);

    [Test]
    public async Task Ask_EqualCallsAtOnce_AreOneRequest()
    {
        using var rig = IdempotencyRig.Slow(options => options.Coalesce = true);
        var asking = Enumerable.Range(0, 20).Select(_ => rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null))).ToArray();

        var outcomes = await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(outcomes.Select(outcome => outcome.Text), Has.All.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome.Decisions.SequenceEqual(["coalesced"])), Is.EqualTo(19));
        Assert.That(outcomes.Sum(outcome => outcome.Call!.Cost), Is.EqualTo(rig.Spent));
    }

    [Test]
    public async Task Ask_EqualCallAfterwards_IsAskedAgain()
    {
        using var rig = IdempotencyRig.Numbering(options => options.Coalesce = true);
        await rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null));

        var second = await rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null));

        Assert.That(second.Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Ask_NobodyAskedForIt_IsNotJoined()
    {
        using var rig = IdempotencyRig.Slow();
        var first = rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null));
        await rig.AskedAsync(1);

        var second = await rig.Clock.FinishAsync(rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null)));

        Assert.That(second.Text, Is.EqualTo("answer 1"));
        Assert.That((await rig.Clock.FinishAsync(first)).Text, Is.EqualTo("answer 0"));
    }

    [TestCaseSource(nameof(Names))]
    public async Task Ask_CallsThatDiffer_AreNotJoined(string difference)
    {
        using var rig = IdempotencyRig.Slow(options => options.Coalesce = true);
        var first = rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null));
        await rig.AskedAsync(1);
        var options = IdempotencyRig.Keyed(key: null);
        Differences.Single(known => known.Name == difference).Change(options);

        var second = await rig.Clock.FinishAsync(rig.AskAsync(streamed, options));

        Assert.That(second.Text, Is.EqualTo("answer 1"));
        Assert.That((await rig.Clock.FinishAsync(first)).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_TurnsOfOneConversationOfTheProvider_AreNotJoined()
    {
        using var rig = IdempotencyRig.Slow(options => options.Coalesce = true);
        var options = IdempotencyRig.Keyed(key: null);
        options.ConversationId = "conversation-1";
        Task<Outcome>[] asking = [rig.AskAsync(streamed, options), rig.AskAsync(streamed, options)];

        await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_OptionsOfAForeignClass_AreNotJoined()
    {
        using var rig = IdempotencyRig.Slow(options => options.Coalesce = true);
        Task<Outcome>[] asking = [rig.AskAsync(streamed, new ForeignOptions { Secret = "one" }), rig.AskAsync(streamed, new ForeignOptions { Secret = "other" })];

        await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_FirstIsRefused_IsAskedByTheOthersThemselves()
    {
        var gate = new TaskCompletionSource();
        using var rig = IdempotencyRig.Numbering(options => options.Coalesce = true, inside: builder => builder.Use(inner => new RefusingChatClient(inner, gate.Task)));
        var first = rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null));
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 1);
        Task<Outcome>[] others = [rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null)), rig.AskAsync(streamed, IdempotencyRig.Keyed(key: null))];

        gate.SetResult();
        var refused = await first;
        var outcomes = await Task.WhenAll(others);

        Assert.That(refused.Error, Is.TypeOf<AttemptRefusedException>());
        Assert.That(outcomes.Select(outcome => outcome.Text), Has.All.StartsWith("answer "));
        Assert.That(outcomes.Select(outcome => outcome.Decisions[0]), Has.All.EqualTo("coalesced"));
        Assert.That((rig.Model.Requests.Count, rig.OnTheirWay), Is.EqualTo((outcomes.Count(outcome => outcome.Call!.Attempts.Count == 1), 0)));
    }
}
