using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>What is reserved for one attempt.</summary>
/// <param name="hook">Where it was reserved.</param>
/// <param name="charges">What it was reserved on.</param>
/// <param name="reservation">The ledger's reservation; 0 when the ledger has no part in it.</param>
/// <param name="reserved">The amount.</param>
internal sealed class BudgetHold(BudgetSpendingHook hook, AttemptCharges charges, long reservation, Expense reserved) : ISpendingHold
{
    private int _done;

    public bool IsLast { get; init; }

    /// <summary>Gets whether it is reserved under limits on each call too.</summary>
    public bool IsForCall { get; init; }

    public void Renew(Expense atLeast)
    {
        if (reservation != 0)
            hook.Renew(reservation, atLeast);
    }

    public void Settle(Expense actual)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
            hook.Settle(charges, reservation, IsForCall ? reserved : Expense.None, actual);
    }

    public void Release() => Settle(Expense.None);
}
