using BenchmarkDotNet.Attributes;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Durable;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Benchmarks.Control;

/// <summary>What does it cost to reserve and settle?</summary>
public class LedgerBenchmark : StageBenchmark
{
    private const int Tasks = 16;
    private const int PerTask = 4_096;

    private static readonly DateTimeOffset Today = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Expense Worst = new(Money.FromUsd(0.01m), 1_000);
    private static readonly Expense Actual = new(Money.FromUsd(0.002m), 300);

    private static readonly BudgetCharge[] OneScope = [Charge("all", BudgetScope.Global, "")];

    private static readonly BudgetCharge[] Scopes =
    [
        Charge("all", BudgetScope.Global, ""),
        Charge("tenants", BudgetScope.Tenant, "acme"),
        Charge("users", BudgetScope.User, "acme\u001fu42"),
        Charge("features", BudgetScope.Feature, "triage"),
        Charge("models", BudgetScope.Model, "small"),
    ];

    private readonly InMemoryBudgetLedger _memory = new(TimeProvider.System);
    private readonly FileBudgetLedger _file = new(
        Path.Combine(Directory.CreateTempSubdirectory("ledger").FullName, "budget.ledger"), TimeSpan.FromMilliseconds(100), TimeProvider.System, NullLogger.Instance);

    [Benchmark(Description = "reserve and settle on one account"), BenchmarkCategory(Plain)]
    public void OneAccount() => ReserveAndSettle(_memory, OneScope);

    [Benchmark(Description = "reserve and settle on five accounts"), BenchmarkCategory(Plain)]
    public void FiveAccounts() => ReserveAndSettle(_memory, Scopes);

    [Benchmark(Description = "the same on one account by 16 tasks at once, processor time of all cores", OperationsPerInvoke = Tasks * PerTask), BenchmarkCategory(Plain)]
    public void HotAccount() => Parallel.For(0, Tasks, _ =>
    {
        for (var i = 0; i < PerTask; i++)
            ReserveAndSettle(_memory, OneScope);
    });

    [Benchmark(Description = "reserve and settle on five accounts, into a file"), BenchmarkCategory(Plain)]
    public void FiveAccountsInAFile() => ReserveAndSettle(_file, Scopes);

    private static BudgetCharge Charge(string limit, BudgetScope scope, string value) =>
        new(new(limit, scope, value, Today, Today.AddDays(1)), Expense.Unlimited with { Money = Money.FromUsd(900_000_000) }, Enforce: true);

    private static void ReserveAndSettle(IBudgetLedger ledger, BudgetCharge[] charges)
    {
        var result = ledger.ReserveAsync(charges, Worst, Today, CancellationToken.None).Result;
        ledger.Settle(result.Reservation, Actual);
    }
}
