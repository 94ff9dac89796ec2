using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyTelemetryTests(bool streamed)
{
    private static readonly string[] AllDecisions =
        ["began", "joined", "coalesced", "replayed", "failed-before", "conflict", "remembered", "not-remembered", "not-evaluated"];

    [Test]
    public async Task Metrics_EveryDecision_IsCountedUnderItsNameAlone()
    {
        using var metrics = new IdempotencyMetrics();

        await RepeatAsync();
        await FailForGoodAsync();
        await JoinAsync(key: "order-7");
        await JoinAsync(key: null);
        await LoseStoreAsync();

        Assert.That(metrics.Seen.Distinct(), Is.EquivalentTo(AllDecisions.Select(decision => $"llmkit.idempotency.decisions 1 llmkit.decision={decision}")));
    }

    [Test]
    public async Task Metrics_Decisions_AreCountedAsOftenAsTheyAreRecorded()
    {
        using var metrics = new IdempotencyMetrics();
        using var rig = IdempotencyRig.Numbering();

        Outcome[] outcomes = [await rig.AskAsync(streamed), await rig.AskAsync(streamed), await rig.AskAsync(streamed)];

        Assert.That(
            metrics.Seen.Select(measurement => measurement.Split('=')[^1]),
            Is.EquivalentTo(outcomes.SelectMany(outcome => outcome.Decisions)).And.EquivalentTo(new[] { "began", "remembered", "replayed", "replayed" }));
    }

    [Test]
    public async Task Metrics_AnswersBeyondTheBound_AreCountedAsDroppedWithoutATag()
    {
        using var metrics = new IdempotencyMetrics();
        using var rig = IdempotencyRig.Numbering(options => options.MaxEntries = 2);

        for (var order = 0; order < 5; order++)
            await rig.AskAsync(streamed, IdempotencyRig.Keyed($"order-{order}"));

        Assert.That(metrics.Seen.Where(measurement => !measurement.Contains("decisions", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Repeat("llmkit.idempotency.dropped 1", 3)));
    }

    private async Task RepeatAsync()
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed, prompt: "something else");
    }

    private async Task FailForGoodAsync()
    {
        using var rig = IdempotencyRig.Of(ScriptedAnswer.Throws(Failures.Http(400)));
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed);
    }

    private async Task JoinAsync(string? key)
    {
        using var rig = IdempotencyRig.Slow(options => options.Coalesce = true);
        var first = rig.AskAsync(streamed, IdempotencyRig.Keyed(key));
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed, IdempotencyRig.Keyed(key));
        await rig.Clock.FinishAsync(Task.WhenAll(first, second));
    }

    private async Task LoseStoreAsync()
    {
        using var rig = IdempotencyRig.Numbering(store: new LostStore());
        await rig.AskAsync(streamed);
    }

    private sealed class LostStore : IIdempotencyStore
    {
        public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken) => throw new IOException("down");
    }
}
