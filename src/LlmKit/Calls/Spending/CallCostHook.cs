using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>Holds one call, all its attempts together, to its own greatest cost.</summary>
internal sealed class CallCostHook(Money limit) : ISpendingHook
{
    private readonly Lock _lock = new();
    private Money _taken;

    public object Key => typeof(CallCostHook);

    public bool NeedsPrice => true;

    public ValueTask<Money?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(limit - _taken);
    }

    public ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Money worstCase, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_taken + worstCase > limit)
            {
                attempt.Call.AddStep(new("budget", "refused", "the call has no money left"));
                throw new AttemptRefusedException(
                    RefusalReason.Budget,
                    attempt.Model.Name,
                    $"An attempt on the model '{attempt.Model.Name}' may cost up to {worstCase} and the call has {limit - _taken} left of its {limit}. Raise MaxCost or LlmConstraints.CostPerCall, set MaxOutputTokens, or use a cheaper model.");
            }

            _taken += worstCase;
        }

        return new(new Hold(this, worstCase));
    }

    private sealed class Hold(CallCostHook hook, Money reserved) : ISpendingHold
    {
        private bool _done;

        public void Renew(Money atLeast)
        {
        }

        public void Settle(Money actual)
        {
            lock (hook._lock)
            {
                if (_done)
                    return;
                _done = true;
                hook._taken += actual - reserved;
            }
        }

        public void Release() => Settle(Money.Zero);
    }
}
