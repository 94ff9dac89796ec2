using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Durable;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;
using LlmKit.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Ledger;

/// <summary>Ledgers against the model of one, over operations in any order: reserve, renew, settle, release, clocks that go on, limits that change.</summary>
public sealed class LedgerModelTests
{
    private static readonly BudgetAccount[] Accounts =
    [
        BudgetAccount.ForEver("all", BudgetScope.Global, ""),
        BudgetAccount.ForEver("each", BudgetScope.Tenant, "a"),
        BudgetAccount.ForEver("each", BudgetScope.Tenant, "b"),
        BudgetAccount.ForEver("hour", BudgetScope.Global, "") with { Rolling = TimeSpan.FromHours(1) },
        BudgetAccount.ForEver("day", BudgetScope.Global, "") with { Rolling = TimeSpan.FromDays(1) },
    ];

    [Test]
    public void Memory_AfterAnyOperations_IsAsTheModelSays() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10_000),
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary(), operations =>
        {
            var clock = new ManualTimeProvider();
            var ledger = new InMemoryBudgetLedger(clock);
            return Run(operations, clock, ledger, () => ledger.OpenReservations);
        }));

    [Test]
    public void File_AfterAnyOperations_IsAsTheModelSays()
    {
        var folder = Directory.CreateTempSubdirectory("ledger").FullName;
        var number = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary(), operations =>
            {
                var clock = new ManualTimeProvider();
                using var ledger = new FileBudgetLedger(Path.Combine(folder, $"{number++}"), TimeSpan.FromSeconds(1), clock, NullLogger.Instance);
                return Run(operations, clock, ledger, () => ledger.Memory.OpenReservations);
            }));
        Directory.Delete(folder, recursive: true);
    }

    private static bool Run(int[] operations, ManualTimeProvider clock, IBudgetLedger ledger, Func<int> openReservations)
    {
        var model = new LedgerModel();
        var made = new List<LedgerModel.Entry>();
        foreach (var operation in operations)
        {
            var random = new Random(operation);
            switch (random.Next(8))
            {
                case < 3:
                    if (!Reserve(random, clock, ledger, model, made))
                        return false;
                    break;
                case < 6 when made.Count > 0:
                    // Also what was settled before: it must count once.
                    var settled = made[random.Next(made.Count)];
                    var actual = random.Next(3) == 0 ? Expense.None : new Expense(Money.FromUsd(random.Next(60)), random.Next(60));
                    ledger.Settle(settled.Id, actual);
                    LedgerModel.Settle(settled, actual);
                    break;
                case 6 when made.Count > 0:
                    var renewed = made[random.Next(made.Count)];
                    var estimate = new Expense(Money.FromUsd(random.Next(30)), random.Next(30));
                    ledger.Renew(renewed.Id, estimate);
                    LedgerModel.Renew(renewed, estimate, clock.GetUtcNow());
                    break;
                default:
                    clock.Advance(random.Next(4) switch { 0 => TimeSpan.FromSeconds(random.Next(90)), 1 => TimeSpan.FromMinutes(random.Next(15)), 2 => TimeSpan.FromHours(random.Next(30)), _ => TimeSpan.Zero });
                    break;
            }

            if (!Agree(clock, ledger, model) || openReservations() != model.Open.Count())
                return false;
        }

        return true;
    }

    private static bool Reserve(Random random, ManualTimeProvider clock, IBudgetLedger ledger, LedgerModel model, List<LedgerModel.Entry> made)
    {
        var charges = Accounts.Where(_ => random.Next(2) == 0)
            .Select(account => new BudgetCharge(account, new(Money.FromUsd(random.Next(40, 200)), random.Next(40, 200)), random.Next(4) > 0))
            .ToArray();
        var amount = new Expense(Money.FromUsd(random.Next(50)), random.Next(50));
        var at = clock.GetUtcNow() - TimeSpan.FromSeconds(random.Next(100));

        var result = ledger.ReserveAsync(charges, amount, at, CancellationToken.None).Result;
        var entry = model.Reserve(charges, amount, at, clock.GetUtcNow());
        if (entry is not null)
        {
            entry.Id = result.Reservation;
            made.Add(entry);
        }

        var isOver = charges.Where(charge => charge.Enforce && !amount.Fits(model.Balance(charge.Account, at).Taken - (entry is null ? Expense.None : amount), charge.Limit)).Any();
        return (result.Reservation != 0) == (entry is not null) && (entry is null || !isOver);
    }

    private static bool Agree(ManualTimeProvider clock, IBudgetLedger ledger, LedgerModel model)
    {
        var now = clock.GetUtcNow();
        foreach (var account in Accounts)
        {
            var balance = ledger.ReadAsync(account, now, CancellationToken.None).Result;
            model.Sweep(now);
            if (balance != model.Balance(account, now))
                return false;
        }

        return true;
    }
}
