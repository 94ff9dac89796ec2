using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

/// <summary>What happens at a provider's door, in which order: reserve, start the clock, send.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class AttemptOrderTests(bool streamed)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly RecordingLedger _ledger = new();

    [Test]
    public async Task Ask_WhileTheReservationIsPending_SendsNothing()
    {
        var reserving = new TaskCompletionSource();
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        using var host = PipelineHost.For(model, builder => builder.UseLedger(_ledger));
        _ledger.Wait = () => new(reserving.Task);

        var asking = host.Chat.AskAsync(streamed);
        Assert.That(model.Requests, Is.Empty);
        reserving.SetResult();
        await asking;

        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_SlowLedger_IsNotTheModelsTime()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseLedger(_ledger));
        _ledger.Wait = () =>
        {
            host.Clock.Advance(3 * Second);
            return default;
        };

        var (_, call) = await host.Chat.AskAsync(streamed);

        var attempt = call.Attempts.Single();
        Assert.That((attempt.Started, attempt.Duration), Is.EqualTo((3 * Second, TimeSpan.Zero)));
    }

    [Test]
    public async Task Ask_Answered_IsSettledBeforeTheCallerHasIt()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseLedger(_ledger));

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(_ledger.Holds.Single(), Has.Property("Ends").EqualTo(1).And.Property("Settled").EqualTo(call.Cost));
        Assert.That(call.PendingAttempts, Is.Zero);
    }
}
