using LlmKit.Control.Budgets.Ledger;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The accounts that an attempt on a model is charged to, found once for the attempts of a call.</summary>
/// <param name="policy">The limits.</param>
/// <param name="model">The registered model.</param>
/// <param name="items">The accounts with their limits.</param>
internal sealed class AttemptCharges(BudgetPolicy policy, string model, BudgetCharge[] items)
{
    public BudgetPolicy Policy { get; } = policy;

    public string Model { get; } = model;

    public ReadOnlyMemory<BudgetCharge> Items => items;

    public BudgetRule RuleOf(in BudgetAccount account, DateOnly day)
    {
        var charged = account;
        return Policy.LedgerRules.First(rule => rule.AccountOf(charged.Value, day) == charged).For(charged.Value);
    }
}
