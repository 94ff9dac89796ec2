using LlmKit.Execution.Resilience;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>What an attempt waits for before it is sent is not the model's time.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ReservationClockTests(bool streamed)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = 3 * Second;
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task Attempt_ReservationTakesLong_HasItsWholeTimeAfterwards()
    {
        var outcome = await AskAsync(reserving: 10 * Second, answering: 2.5 * Second, total: 60 * Second);

        Assert.That(outcome.Text, Is.EqualTo("answer"));
    }

    [Test]
    public async Task Attempt_ReservationTakesLong_IsHeldToItsTimeFromThenOn()
    {
        var outcome = await AskAsync(reserving: 10 * Second, answering: 3.5 * Second, total: 60 * Second);

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>().With.Property(nameof(LlmTimeoutException.Limit)).EqualTo(streamed ? TimeLimit.FirstContent : TimeLimit.Attempt));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(13 * Second));
    }

    [Test]
    public async Task Total_ReservationUsesItUp_SendsNothingAndPaysNothing()
    {
        var outcome = await AskAsync(reserving: 10 * Second, answering: Second, total: 8 * Second);

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>().With.Property(nameof(LlmTimeoutException.Limit)).EqualTo(TimeLimit.Total));
        Assert.That((outcome.Call!.Attempts.Count, outcome.Call.Cost), Is.EqualTo((0, 0m)));
    }

    private async Task<Outcome> AskAsync(TimeSpan reserving, TimeSpan answering, TimeSpan total, Action<LlmPipelineBuilder>? inside = null, Action<IChatClient>? look = null)
    {
        var ledger = new SlowBudgetLedger(new(_clock));
        var model = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("answer") with { Delay = answering }, _clock);
        using var rig = new BudgetRig(
            builder => (inside ?? (static _ => { }))(builder
                .AddPriced("model", model)
                .UseBudget(budget =>
                {
                    budget.Global("all", 1_000, BudgetWindow.Lifetime);
                    budget.LedgerTimeout = TimeSpan.FromMinutes(1);
                })
                .UseResilience(options =>
                {
                    (options.MaxRetries, options.AttemptTimeout, options.FirstContentTimeout, options.TotalTimeout) = (0, Limit, Limit, total);
                    (options.MinimumThroughput, options.LastResort) = (1, false);
                })),
            ledger,
            time: _clock);
        var asking = rig.AskAsync(streamed);
        await ledger.Asked.Task;
        _clock.Advance(reserving);
        ledger.Go();
        // From here on the clock moves once, by as long as the attempt lasts: the model's wait and the guard's timer stand.
        await ManualTimeExtensions.UntilAsync(() => (model.Requests.Count > 0 && _clock.ActiveTimers == 2) || asking.IsCompleted);
        _clock.Advance(answering < Limit ? answering : Limit);
        await ManualTimeExtensions.UntilAsync(() => asking.IsCompleted);
        look?.Invoke(rig.Chat);
        return await asking;
    }

    [Test]
    public async Task Attempt_DecoratorStandsBeforeTheDoor_HasItsWholeTimeAllTheSame()
    {
        var outcome = await AskAsync(reserving: 2.5 * Second, answering: 2.5 * Second, total: 60 * Second, inside: pipeline => pipeline.Use(static (inner, _) => new PlainDecorator(inner)));

        Assert.That(outcome.Text, Is.EqualTo("answer"));
    }

    [Test]
    public async Task Attempt_DecoratorStandsBeforeTheDoor_IsHeldToItsTime()
    {
        var outcome = await AskAsync(reserving: Second, answering: 3.5 * Second, total: 60 * Second, inside: pipeline => pipeline.Use(static (inner, _) => new PlainDecorator(inner)));

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>().With.Property(nameof(LlmTimeoutException.Limit)).EqualTo(streamed ? TimeLimit.FirstContent : TimeLimit.Attempt));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(4 * Second));
    }

    [Test]
    public async Task Total_EndsBeforeAnythingIsSent_SaysNothingOfTheModel()
    {
        CircuitSnapshot? circuit = null;

        await AskAsync(reserving: 10 * Second, answering: Second, total: 8 * Second, look: client => circuit = client.GetService<CircuitSnapshot>());

        Assert.That(circuit!.State, Is.EqualTo(CircuitState.Closed));
    }

    private sealed class PlainDecorator(IChatClient inner) : DelegatingChatClient(inner);
}
