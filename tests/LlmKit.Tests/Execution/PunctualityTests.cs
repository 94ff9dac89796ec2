using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution;

/// <summary>In time that only moves when everybody has had their turn, no call is late at all, whatever its models do.</summary>
public sealed class PunctualityTests
{
    private const int Calls = 400;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Ask_FaultsOfEveryKind_EndsByItsDeadlineAndLeavesNothing(int seed)
    {
        var clock = new ManualTimeProvider();
        var script = new FaultyScript(seed);
        ScriptedChatClient first = new((_, _) => script.Next(), clock), second = new((_, _) => script.Next(), clock);
        using var rig = new BudgetRig(
            builder => builder
                .AddPriced("first", first).AddPriced("second", second)
                .UseBudget(budget => budget.Global("all", 1_000_000_000, BudgetWindow.Lifetime))
                .UseIdempotency(options => options.Coalesce = true)
                .UseRouter(router => router.Hedge(hedging => hedging.Delay = TimeSpan.FromSeconds(1)))
                .UseHedging(hedging => (hedging.Delay, hedging.Share) = (TimeSpan.FromSeconds(0.7), 1))
                .UseResilience(resilience => (resilience.AttemptTimeout, resilience.FirstContentTimeout, resilience.BetweenUpdatesTimeout, resilience.FailureRatio) =
                    (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 0.9)),
            time: clock);
        var chance = new Random(seed);

        var asking = Enumerable.Range(0, Calls).Select(number => new Asked(rig, chance, number)).ToList();
        while (asking.Exists(asked => !asked.Ending.IsCompleted))
        {
            clock.Advance(Step);
            if (!await Eventually.IsAsync(() => asking.TrueForAll(asked => asked.Ending.IsCompleted || asked.Deadline > clock.GetUtcNow())))
                Assert.Fail("Late: " + string.Join("; ", asking.Where(asked => !asked.Ending.IsCompleted && asked.Deadline <= clock.GetUtcNow())));
        }

        var outcomes = await Task.WhenAll(asking.Select(asked => asked.Ending));
        Assert.That(asking.Zip(outcomes).Where(pair => pair.Second.Call!.Duration > pair.First.Limit).Select(pair => pair.Second.Call!.Duration - pair.First.Limit), Is.Empty);
        Assert.That(outcomes.Count(outcome => outcome.Error is null), Is.GreaterThan(Calls / 4), "answered");
        Assert.That(outcomes.Count(outcome => outcome.Error is LlmTimeoutException { Limit: TimeLimit.Deadline }), Is.Positive, "ended by their deadline");
        // What hedges left behind ends with their own limits.
        clock.Advance(TimeSpan.FromMinutes(10));
        await ManualTimeExtensions.UntilAsync(() => rig.Memory.OpenReservations == 0 && first.OpenStreams + second.OpenStreams == 0);
        await Task.WhenAll(outcomes.Select(outcome => outcome.Call!.WhenSettled));
        Assert.That(outcomes.Sum(outcome => outcome.Call!.Cost), Is.EqualTo(rig.Spent("all")));
    }

    /// <summary>One call with a deadline of its own; a tenth of them under a key that others have too, a tenth left early.</summary>
    private sealed class Asked
    {
        private readonly CancellationTokenSource _leaving;
        private readonly int _number;

        public Asked(BudgetRig rig, Random chance, int number)
        {
            Limit = Step * chance.Next(2, 320);
            Deadline = rig.Clock.GetUtcNow() + Limit;
            var (streamed, shared) = (chance.Next(2) == 0, chance.Next(10) == 0);
            _number = number;
            _leaving = chance.Next(10) == 0 ? new(Limit * chance.NextDouble(), rig.Clock) : new();
            var options = BudgetRig.Call();
            (options.Deadline, options.IdempotencyKey) = (Deadline, shared ? "shared" : null);
            Ending = Outcome.OfAsync(rig.Chat, streamed, options, shared ? "shared" : $"question {number % 300}", _leaving.Token);
        }

        public TimeSpan Limit { get; }

        public override string ToString() => $"call {_number} with {Limit}";

        public DateTimeOffset Deadline { get; }

        public Task<Outcome> Ending { get; }
    }

    /// <summary>Answers half of the requests in time, and the others late, never, brokenly or not. Each heeds its token: for one that does not, leaving takes a bounded time.</summary>
    private sealed class FaultyScript(int seed)
    {
        private readonly Random _chance = new(seed);
        private readonly Lock _lock = new();

        public ScriptedAnswer Next()
        {
            lock (_lock)
                return Next(_chance.Next(20), TimeSpan.FromSeconds(_chance.NextDouble() * 1.5));
        }

        private ScriptedAnswer Next(int kind, TimeSpan delay) => kind switch
        {
            0 => ScriptedAnswer.Hangs(),
            1 => ScriptedAnswer.Text("late") with { Delay = TimeSpan.FromSeconds(30) },
            2 => ScriptedAnswer.Text("slow ", "as ", "can ", "be") with { DelayBetween = TimeSpan.FromSeconds(0.9) },
            3 => ScriptedAnswer.Text("stalls ", "here") with { HangAfterChunks = 1 },
            4 => ScriptedAnswer.Text("breaks ", "here") with { Failure = new IOException("cut"), FailAfterChunks = 1, Delay = delay },
            5 => ScriptedAnswer.Text("ends ", "here") with { FinishReason = null, Delay = delay },
            6 => ScriptedAnswer.Throws(Failures.Http(503)) with { Delay = delay },
            7 => ScriptedAnswer.Throws(Failures.Http(429)),
            8 => ScriptedAnswer.Throws(Failures.Http(400)),
            9 => ScriptedAnswer.Throws(Failures.Unreachable()),
            _ => ScriptedAnswer.Text("a ", "good ", "answer") with { Delay = delay, DelayBetween = TimeSpan.FromMilliseconds(20) },
        };
    }
}
