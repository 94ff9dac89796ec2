using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The money of one attempt.</summary>
/// <param name="hook">Where it was reserved.</param>
/// <param name="reservation">The ledger's reservation; 0 when the ledger has no part in it.</param>
/// <param name="reserved">The amount.</param>
internal sealed class BudgetHold(BudgetSpendingHook hook, long reservation, Money reserved) : ISpendingHold
{
    private int _done;

    public void Renew(Money atLeast)
    {
        if (reservation != 0)
            hook.Renew(reservation, atLeast);
    }

    public void Settle(Money actual)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
            hook.Settle(reservation, reserved, actual);
    }

    public void Release() => Settle(Money.Zero);
}
