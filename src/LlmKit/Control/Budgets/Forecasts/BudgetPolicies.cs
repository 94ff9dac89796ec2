using LlmKit.Control.Budgets.Limits;

namespace LlmKit.Control.Budgets.Forecasts;

/// <summary>The limits of all pipelines of a container that are built, as they stand. Thread-safe.</summary>
internal sealed class BudgetPolicies
{
    private readonly Lock _lock = new();
    private Func<BudgetPolicy>[] _all = [];

    /// <summary>Adds the limits of a pipeline, which a reload of its configuration may change.</summary>
    public void Add(Func<BudgetPolicy> policy)
    {
        lock (_lock)
            _all = [.. _all, policy];
    }

    /// <summary>Gives the limits that a ledger holds: those on the same accounts once, the stricter of the two.</summary>
    public IReadOnlyList<BudgetRule> Rules() =>
        Volatile.Read(ref _all).Select(policy => policy()).Aggregate((BudgetPolicy?)null, (all, policy) => all?.With(policy) ?? policy)?.LedgerRules ?? [];
}
