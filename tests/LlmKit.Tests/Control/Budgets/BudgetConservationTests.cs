using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>Money is conserved: under many tasks at once and whatever their ends.</summary>
public class BudgetConservationTests
{
    private static readonly Config Twenty = Config.QuickThrowOnFailure.WithMaxTest(20);

    [Test]
    public void Money_UnderManyCallsAtOnce_IsNeverOverdrawnNorLost() =>
        Check.One(Twenty, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed, router => router.Priority("a", "b", "free")).GetAwaiter().GetResult()));

    [Test]
    public void Money_UnderManyCascadesAtOnce_IsNeverOverdrawnNorLost() =>
        Check.One(Twenty, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed, router => router.Cascade("a", "b", "free")).GetAwaiter().GetResult()));

    [Test]
    public async Task FirstRequests_OfAnUnknownUserAtOnce_AreNotAllLetThrough()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Hangs());
        using var rig = BudgetRig.For(model, budget => budget.PerUser("each", 60, BudgetWindow.Daily));
        using var cancel = new CancellationTokenSource();

        var asking = Enumerable.Range(0, 20).Select(i => Task.Run(() => rig.AskAsync(streamed: i % 2 == 0, cancellationToken: cancel.Token))).ToList();
        await Eventually.IsAsync(() => asking.Count(task => task.IsCompleted) == 18);
        await cancel.CancelAsync();
        var outcomes = await Task.WhenAll(asking);

        Assert.That(outcomes.Count(outcome => outcome.Error is BudgetExceededException), Is.EqualTo(18));
        Assert.That(model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public void Reservations_InAnyOrderOfOperations_AddUp() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), operations =>
    {
        var ledger = new InMemoryBudgetLedger(new ManualTimeProvider());
        var account = new BudgetAccount("all", BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var open = new Queue<(long Id, decimal Amount)>();
        decimal spent = 0;
        foreach (var operation in operations)
        {
            decimal amount = Math.Abs(operation % 40);
            if (operation % 3 == 0 && open.TryDequeue(out var held))
            {
                ledger.Settle(held.Id, new(Money.FromUsd(held.Amount / 2), 0));
                spent += held.Amount / 2;
            }
            else if (ledger.ReserveAsync(new BudgetCharge[] { new(account, Expense.Unlimited with { Money = Money.FromUsd(100) }, true) }, new(Money.FromUsd(amount), 0), default, default).Result is { Over: < 0 } result)
            {
                open.Enqueue((result.Reservation, amount));
            }

            var balance = ledger.ReadAsync(account, default, default).Result;
            if (balance.Spent.Money.ToUsd() != spent || balance.Reserved.Money.ToUsd() != open.Sum(held => held.Amount) || spent + balance.Reserved.Money.ToUsd() > 100)
                return false;
        }

        return ledger.OpenReservations == open.Count;
    }));

    private static async Task<bool> RunAsync(int seed, Action<RouterOptions> route)
    {
        var clock = new ManualTimeProvider();
        var memory = new InMemoryBudgetLedger(clock);
        var checking = new CheckingBudgetLedger(memory);
        var calls = new ConcurrentBag<LlmCall>();
        using var rig = new BudgetRig(
            builder => builder
                .AddModel("a", Erratic(seed), model => model.Price = new(1.234567m, 9.87654321m))
                .AddModel("b", Erratic(seed + 1), model => model.Price = new(0.333333m, 2.718281828m))
                .AddModel("free", Erratic(seed + 2), model => model.Price = ModelPrice.Free)
                .UseBudget(budget => budget
                    .Global("g", 0.004m, BudgetWindow.Lifetime).PerTenant("t", 0.002m, BudgetWindow.Daily).PerUser("u", 0.0012m, BudgetWindow.Monthly)
                    .PerFeature("f", 0.0035m, BudgetWindow.Lifetime).PerModel("m", 0.003m, BudgetWindow.Lifetime).PerCall("c", 0.0009m))
                .UseRouter(route),
            checking);
        var chat = rig.Chat;

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => AskAsync(chat, new(seed + 1_000 + i), calls))));
        // A move that was pending when its stream was left may be what closes the call, a moment after the stream was left.
        await Eventually.IsAsync(() => calls.Count == 60);
        await Task.WhenAll(calls.Select(call => call.WhenSettled));

        var spent = (await memory.ReadAsync(new("g", BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue), DateTimeOffset.MaxValue, default)).Spent.Money.ToUsd();
        Assert.That(checking.Violations, Is.Empty);
        Assert.That(memory.OpenReservations, Is.Zero);
        Assert.That(calls, Has.Count.EqualTo(60));
        Assert.That(spent, Is.EqualTo(calls.Sum(call => call.Cost)).And.GreaterThan(0));
        return true;
    }

    /// <summary>Answers, breaks, fails or hangs by chance, and never reports more than was asked for.</summary>
    private static ScriptedChatClient Erratic(int seed)
    {
        var random = new Random(seed);
        return new((_, request) =>
        {
            var most = request.Options!.MaxOutputTokens!.Value;
            var answer = ScriptedAnswer.Text([.. Enumerable.Repeat("x", random.Next(1, Math.Min(most, 40)))]) with
            {
                Usage = random.Next(4) == 0 ? null : new() { InputTokenCount = random.Next(0, 5), OutputTokenCount = random.Next(0, most) },
            };
            return random.Next(7) switch
            {
                0 => ScriptedAnswer.Throws(Failures.Http(503)),
                1 => answer with { Failure = new IOException("cut"), FailAfterChunks = 1 },
                2 => answer with { HangAfterChunks = 1 },
                3 => answer with { FinishReason = ChatFinishReason.Length },
                _ => answer,
            };
        });
    }

    /// <summary>Asks and reads to the end, leaves early, cancels, or does not begin, by chance.</summary>
    private static async Task AskAsync(IChatClient chat, Random random, ConcurrentBag<LlmCall> calls)
    {
        using var cancel = new CancellationTokenSource();
        var options = BudgetRig.Call(random.Next(16, 200), tenant: "t" + random.Next(2), user: "u" + random.Next(3), feature: "f" + random.Next(2));
        options.OnCompleted = calls.Add;
        var leaveAfter = random.Next(2, 60);
        try
        {
            if (random.Next(3) == 0)
            {
                var asking = chat.GetResponseAsync("hi", options, cancel.Token);
                await Eventually.IsAsync(() => asking.IsCompleted, tries: 50);
                await cancel.CancelAsync();
                await asking;
                return;
            }

            await using var stream = chat.GetStreamingResponseAsync("hi", options, cancel.Token).GetAsyncEnumerator(CancellationToken.None);
            for (var i = 0; i < leaveAfter; i++)
            {
                var move = stream.MoveNextAsync().AsTask();
                if (!await Eventually.IsAsync(() => move.IsCompleted, tries: 50))
                {
                    if (random.Next(2) == 0)
                    {
                        await stream.DisposeAsync();
                        return;
                    }

                    await cancel.CancelAsync();
                }

                if (!await move)
                    return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or LlmException or HttpRequestException or IOException)
        {
            // Every end is a good one here: only the money is looked at.
        }
    }
}
