using System.Collections.Concurrent;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger that looks at every account it touches after every operation, and notes each that stands above its limit.</summary>
internal sealed class CheckingBudgetLedger(InMemoryBudgetLedger memory) : IBudgetLedger
{
    private readonly ConcurrentDictionary<BudgetAccount, Expense> _limits = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => memory.ReadAsync(account, at, cancellationToken);

    public ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken) => memory.HeadroomAsync(charges, at, cancellationToken);

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var charge in charges.Span)
            _limits[charge.Account] = charge.Limit;
        var result = memory.ReserveAsync(charges, amount, at, cancellationToken);
        Look();
        return result;
    }

    public void Renew(long reservation, Expense estimate) => memory.Renew(reservation, estimate);

    public void Settle(long reservation, Expense actual)
    {
        memory.Settle(reservation, actual);
        Look();
    }

    private void Look()
    {
        foreach (var (account, limit) in _limits)
        {
            var balance = memory.ReadAsync(account, DateTimeOffset.MaxValue, CancellationToken.None).Result;
            if (balance.Taken.Money > limit.Money || balance.Taken.Tokens > limit.Tokens)
                Violations.Enqueue($"{account.Limit}: {balance.Spent} and {balance.Reserved} of {limit}");
        }
    }
}
