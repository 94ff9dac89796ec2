using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>Holds one call, all its attempts together, to the greatest cost that one pipeline gives it.</summary>
internal sealed class CallCostHook(object owner, Money limit) : ISpendingHook
{
    private readonly Lock _lock = new();
    private Money _taken;

    public object Key { get; } = (typeof(CallCostHook), owner);

    public bool NeedsPrice => true;

    public ValueTask<Expense?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(Expense.Unlimited with { Money = limit - _taken });
    }

    public ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Expense worstCase, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_taken + worstCase.Money > limit)
            {
                attempt.Call.AddStep(new("budget", "refused", "the call has no money left"));
                throw new AttemptRefusedException(
                    RefusalReason.Budget,
                    attempt.Model.Name,
                    $"An attempt on the model '{attempt.Model.Name}' may cost up to {worstCase.Money} and the call has {limit - _taken} left of its {limit}. Raise MaxCost or LlmConstraints.CostPerCall, set MaxOutputTokens, or use a cheaper model.");
            }

            _taken += worstCase.Money;
        }

        return new(new Hold(this, worstCase.Money));
    }

    private sealed class Hold(CallCostHook hook, Money reserved) : ISpendingHold
    {
        private bool _done;

        public void Renew(Expense atLeast)
        {
        }

        public void Settle(Expense actual)
        {
            lock (hook._lock)
            {
                if (_done)
                    return;
                _done = true;
                hook._taken += actual.Money - reserved;
            }
        }

        public void Release() => Settle(Expense.None);
    }
}
