using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>Holds all calls of one interaction together to its limits on money and tokens.</summary>
/// <remarks>Thread-safe: its calls may run side by side.</remarks>
internal sealed class InteractionHook(LlmInteraction interaction) : ISpendingHook
{
    private readonly Lock _lock = new();
    private Expense _taken;

    /// <summary>Gets whether there is anything to hold to.</summary>
    public bool Limits => interaction.MostCost is not null || interaction.MaxTokens is not null;

    public object Key => interaction;

    public bool NeedsPrice => interaction.MostCost is not null;

    public bool ShortensAnswers => true;

    private Expense Most => new(interaction.MostCost is { } cost ? Money.FromUsd(cost) : Money.MaxValue, interaction.MaxTokens ?? long.MaxValue);

    public ValueTask<Expense?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(Expense.Left(Most, _taken));
    }

    public ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Expense worstCase, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!worstCase.Fits(_taken, Most))
            {
                attempt.Call.AddStep(new("interaction", "refused", "the worst case does not fit"));
                throw new AttemptRefusedException(
                    RefusalReason.Budget,
                    attempt.Model.Name,
                    $"An attempt on the model '{attempt.Model.Name}' does not fit what its interaction has left. Raise LlmInteraction.MaxCost or MaxTokens, or LlmConstraints.CostPerInteraction, set MaxOutputTokens, or use a cheaper model.");
            }

            _taken += worstCase;
            return new(new Hold(this, worstCase) { IsLast = !worstCase.Fits(_taken, Most) });
        }
    }

    private sealed class Hold(InteractionHook hook, Expense reserved) : ISpendingHold
    {
        private bool _done;

        public bool IsLast { get; init; }

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
                hook._taken += actual - reserved;
            }
        }

        public void Release() => Settle(Expense.None);
    }
}
