using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A limit on money that remembers every reservation and how it ended.</summary>
internal sealed class RecordingLedger(decimal? limit = null) : ISpendingHook
{
    private readonly Lock _lock = new();
    private readonly List<RecordingHold> _holds = [];

    public object Key { get; init; } = new();

    public bool NeedsPrice { get; init; } = true;

    /// <summary>Gets or sets what a reservation waits for.</summary>
    public Func<ValueTask> Wait { get; set; } = () => default;

    public IReadOnlyList<RecordingHold> Holds
    {
        get
        {
            lock (_lock)
                return [.. _holds];
        }
    }

    public decimal Spent => Holds.Sum(hold => hold.Settled ?? 0);

    private decimal Taken => Holds.Sum(hold => hold.Settled ?? (hold.IsReleased ? 0 : hold.Reserved));

    public ValueTask<Expense?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken) =>
        new(limit is null ? null : Expense.Unlimited with { Money = Money.FromUsd(limit.Value - Taken) });

    public async ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Expense worstCase, CancellationToken cancellationToken)
    {
        await Wait();
        lock (_lock)
        {
            if (Taken + worstCase.Money.ToUsd() > limit)
                throw new AttemptRefusedException(RefusalReason.Budget, attempt.Model.Name, "The ledger is exhausted.");
            var hold = new RecordingHold(worstCase.Money.ToUsd());
            _holds.Add(hold);
            return hold;
        }
    }
}
