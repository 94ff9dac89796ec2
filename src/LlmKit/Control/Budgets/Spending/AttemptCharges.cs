using LlmKit.Control.Budgets.Ledger;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The accounts that an attempt on a model is charged to, found once for the attempts of a call.</summary>
/// <param name="policy">The limits.</param>
/// <param name="model">The registered model.</param>
internal sealed class AttemptCharges(BudgetPolicy policy, string model)
{
    private readonly BudgetCharge[] _items = new BudgetCharge[policy.LedgerRules.Count];
    private int _count;

    public BudgetPolicy Policy { get; } = policy;

    public string Model { get; } = model;

    public ReadOnlyMemory<BudgetCharge> Items => _items.AsMemory(0, _count);

    public void Add(BudgetRule rule, string value, DateOnly day) =>
        _items[_count++] = new(rule.AccountOf(value, day), rule.For(value).Amount, rule.Enforce);

    public BudgetRule RuleOf(in BudgetAccount account, DateOnly day)
    {
        var charged = account;
        return Policy.LedgerRules.First(rule => rule.AccountOf(charged.Value, day) == charged).For(charged.Value);
    }
}
