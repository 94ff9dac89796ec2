using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Limits;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The accounts that an attempt on a model is charged to, found once for the attempts of a call.</summary>
/// <param name="policy">The limits.</param>
/// <param name="model">The registered model.</param>
/// <param name="at">The moment by which the windows were found.</param>
/// <param name="items">The accounts with their limits.</param>
internal sealed class AttemptCharges(BudgetPolicy policy, string model, DateTimeOffset at, BudgetCharge[] items)
{
    private readonly long _at = at.UtcTicks;

    public BudgetPolicy Policy { get; } = policy;

    public string Model { get; } = model;

    public DateTimeOffset At => new(_at, TimeSpan.Zero);

    public ReadOnlyMemory<BudgetCharge> Items => items;

    /// <summary>Gives the limit behind a charge.</summary>
    public BudgetRule RuleOf(int charge)
    {
        var account = items[charge].Account;
        return Policy.LedgerRules.First(rule => rule.AppliesTo(account.Value) && rule.AccountOf(account.Value, At) == account);
    }

    /// <summary>Gives the charges whose limits have a trait.</summary>
    public BudgetCharge[] Where(Func<BudgetRule, bool> trait) => [.. items.Where((_, index) => trait(RuleOf(index)))];
}
