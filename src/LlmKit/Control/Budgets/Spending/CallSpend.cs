using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>What one call has spent and holds for all its attempts, and the limits on each call. Not thread-safe: its owner locks it.</summary>
internal sealed class CallSpend(Expense spent)
{
    private Expense _spent = spent;
    private Expense _reserved;

    /// <summary>Gives the least that an enforced limit leaves, or <see langword="null"/> when there is none.</summary>
    public Expense? Headroom(List<BudgetRule> rules)
    {
        Expense? least = null;
        foreach (var rule in rules)
        {
            if (rule.Enforce)
                least = Expense.Least(rule.Limit, least ?? Expense.Unlimited);
        }

        return least is { } limit ? Expense.Left(limit, _spent + _reserved) : null;
    }

    /// <summary>Reserves an amount unless an enforced limit refuses it.</summary>
    /// <returns>The limit that it does not fit: the one that refused it, else one that only observes.</returns>
    public BudgetRule? Reserve(List<BudgetRule> rules, Expense amount, out BudgetBalance before)
    {
        before = new(_spent, _reserved);
        BudgetRule? over = null;
        foreach (var rule in rules)
        {
            if (!amount.Fits(_spent + _reserved, rule.Limit) && over is not { Enforce: true })
                over = rule.Enforce ? rule : over ?? rule;
        }

        if (over is not { Enforce: true })
            _reserved += amount;
        return over;
    }

    public void Settle(Expense reserved, Expense actual)
    {
        _reserved -= reserved;
        _spent += actual;
    }
}
