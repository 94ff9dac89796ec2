using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>What one call has spent and holds for all its attempts, and the limits on each call. Not thread-safe: its owner holds it in a field and locks it.</summary>
internal struct CallSpend
{
    private Money _spent;
    private Money _reserved;

    /// <summary>Gives the least that an enforced limit leaves, or <see langword="null"/> when there is none.</summary>
    public readonly Money? Headroom(List<BudgetRule> rules)
    {
        Money? least = null;
        foreach (var rule in rules)
        {
            if (rule.Enforce && (least is null || rule.Amount < least))
                least = rule.Amount;
        }

        return least - _spent - _reserved;
    }

    /// <summary>Reserves an amount unless an enforced limit refuses it.</summary>
    /// <returns>The limit that it does not fit: the one that refused it, else one that only observes.</returns>
    public BudgetRule? Reserve(List<BudgetRule> rules, Money amount, out BudgetBalance before)
    {
        before = new(_spent, _reserved);
        BudgetRule? over = null;
        foreach (var rule in rules)
        {
            if (amount > Money.Zero && _spent + _reserved + amount > rule.Amount)
                over = over?.Stricter(rule) ?? rule;
        }

        if (over is not { Enforce: true })
            _reserved += amount;
        return over;
    }

    public void Settle(Money reserved, Money actual)
    {
        _reserved -= reserved;
        _spent += actual;
    }
}
