using LlmKit;
using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Caching;
using LlmKit.Control.Guardrails;
using LlmKit.Models;

namespace Quickstart;

/// <summary>What LlmKit's own records say of the run, beside what its callers saw.</summary>
internal sealed record PipelineReport
{
    public required SideReport Side { get; init; }

    public required int Calls { get; init; }

    public required int Attempts { get; init; }

    public required int Retries { get; init; }

    public required int Fallbacks { get; init; }

    public required int ExactHits { get; init; }

    public required int SemanticHits { get; init; }

    public required int Redacted { get; init; }

    public required int Estimated { get; init; }

    /// <summary>What the ledger booked, in USD.</summary>
    public required decimal Cost { get; init; }

    public required decimal OverBudget { get; init; }

    public required int Unsettled { get; init; }

    public required int ConstraintsMet { get; init; }

    public required int ConstraintsBroken { get; init; }

    public static async Task<PipelineReport> OfAsync(SideReport side, IReadOnlyList<Served> served, IBudgetLedger ledger, DateTimeOffset started)
    {
        var calls = served.SelectMany(one => one.Calls).ToList();
        await Task.WhenAll(calls.Select(call => call.WhenSettled)).WaitAsync(TimeSpan.FromSeconds(10));
        var balances = new Dictionary<Tenant, BudgetBalance>();
        foreach (var tenant in SupportDesk.Tenants)
            balances[tenant] = await BalanceAsync(ledger, tenant.Name, started);
        var hits = calls.SelectMany(call => call.Steps).OfType<CacheStep>().Where(step => step.Decision == "hit" && !step.Observed).ToList();
        return new()
        {
            Side = side,
            Calls = calls.Count,
            Attempts = calls.Sum(call => call.Attempts.Count(attempt => attempt.Purpose is null)),
            Retries = Count(calls, "resilience", "retry"),
            Fallbacks = Count(calls, "router", "fallback"),
            ExactHits = hits.Count(step => step.Tier == CacheTier.Exact),
            SemanticHits = hits.Count(step => step.Tier == CacheTier.Semantic),
            Redacted = calls.Count(call => call.Steps.OfType<GuardrailStep>().Any(step => step is { Rail: Rail.Input, Verdict: RailVerdict.Redact })),
            Estimated = calls.Sum(call => call.Attempts.Count(attempt => attempt.Estimated)),
            Cost = balances.Values.Aggregate(Expense.None, (sum, balance) => sum + balance.Spent).Money.ToUsd(),
            OverBudget = balances.Sum(pair => Math.Max(0, pair.Value.Spent.Money.ToUsd() - LimitOf(pair.Key))),
            Unsettled = calls.Sum(call => call.PendingAttempts) + balances.Values.Count(balance => balance.Reserved != Expense.None),
            ConstraintsMet = calls.SelectMany(call => call.Constraints).Count(outcome => outcome.Met),
            ConstraintsBroken = calls.SelectMany(call => call.Constraints).Count(outcome => !outcome.Met),
        };
    }

    private static decimal LimitOf(Tenant tenant) =>
        tenant.IsShortOfMoney ? PipelineRun.DailyOfTheShortTenant : PipelineRun.DailyPerTenant;

    private static int Count(IEnumerable<LlmCall> calls, string stage, string decision) =>
        calls.Sum(call => call.Steps.Count(step => step.Stage == stage && step.Decision == decision));

    /// <summary>The ledger's account of the day; a run over midnight has two.</summary>
    private static async Task<BudgetBalance> BalanceAsync(IBudgetLedger ledger, string tenant, DateTimeOffset started)
    {
        var (spent, reserved) = (Expense.None, Expense.None);
        var now = DateTimeOffset.UtcNow;
        for (var day = new DateTimeOffset(started.UtcDateTime.Date, TimeSpan.Zero); day <= now; day = day.AddDays(1))
        {
            var balance = await ledger.ReadAsync(new(PipelineRun.BudgetName, BudgetScope.Tenant, tenant, day, day.AddDays(1)), now, CancellationToken.None);
            (spent, reserved) = (spent + balance.Spent, reserved + balance.Reserved);
        }

        return new(spent, reserved);
    }
}
