using System.Collections.Concurrent;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger that looks at every account it touches after every operation, and notes each that stands above its limit.</summary>
internal sealed class CheckingBudgetLedger(InMemoryBudgetLedger memory) : IBudgetLedger
{
    private readonly ConcurrentDictionary<BudgetAccount, Money> _limits = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken) => memory.ReadAsync(account, cancellationToken);

    public ValueTask<Money?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, CancellationToken cancellationToken) => memory.HeadroomAsync(charges, cancellationToken);

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Money amount, CancellationToken cancellationToken)
    {
        foreach (var charge in charges.Span)
            _limits[charge.Account] = charge.Limit;
        var result = memory.ReserveAsync(charges, amount, cancellationToken);
        Look();
        return result;
    }

    public void Renew(long reservation, Money estimate) => memory.Renew(reservation, estimate);

    public void Settle(long reservation, Money actual)
    {
        memory.Settle(reservation, actual);
        Look();
    }

    private void Look()
    {
        foreach (var (account, limit) in _limits)
        {
            var balance = memory.ReadAsync(account, CancellationToken.None).Result;
            if (balance.Spent + balance.Reserved > limit)
                Violations.Enqueue($"{account.Limit}: {balance.Spent} and {balance.Reserved} of {limit}");
        }
    }
}
