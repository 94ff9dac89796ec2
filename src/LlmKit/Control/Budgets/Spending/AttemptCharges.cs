using LlmKit.Control.Budgets.Ledger;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The accounts that an attempt on a model is charged to, found once for the attempts of a call.</summary>
/// <param name="policy">The limits.</param>
/// <param name="model">The registered model.</param>
internal sealed class AttemptCharges(BudgetPolicy policy, string model)
{
    private readonly BudgetCharge[] _items = new BudgetCharge[policy.LedgerRules.Count];
    private readonly BudgetRule[] _rules = new BudgetRule[policy.LedgerRules.Count];
    private int _count;

    public BudgetPolicy Policy { get; } = policy;

    public string Model { get; } = model;

    public ReadOnlyMemory<BudgetCharge> Items => _items.AsMemory(0, _count);

    public void Add(BudgetRule rule, string value, DateTime time)
    {
        var own = rule.For(value);
        _rules[_count] = own;
        _items[_count++] = new(own.AccountOf(value, time), own.Amount, own.Enforce);
    }

    public BudgetRule RuleOf(int charge) => _rules[charge];
}
