using System.Collections.Concurrent;
using LlmKit.Control.Budgets.Ledger;

namespace LlmKit.Control.Budgets.Alerts;

/// <summary>Which alerts went out: one for each account and part. One book for a ledger, whatever pipelines share it.</summary>
/// <remarks>Thread-safe. Accounts whose window has ended leave it as it grows.</remarks>
internal sealed class AlertBook
{
    private const int FirstSweep = 1_024;

    private readonly ConcurrentDictionary<(BudgetAccount Account, double Part), bool> _sent = new();
    private int _sweepAt = FirstSweep;

    public bool WasSent(in BudgetAccount account, double part) => _sent.ContainsKey((account, part));

    /// <summary>Notes an alert.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool TrySend(in BudgetAccount account, double part, DateTimeOffset now)
    {
        if (!_sent.TryAdd((account, part), true))
            return false;
        if (_sent.Count >= Volatile.Read(ref _sweepAt))
            Sweep(now);
        return true;
    }

    /// <summary>Lets an alert go out again: the spend of a rolling window has fallen below it.</summary>
    public void Rearm(in BudgetAccount account, double part) => _sent.TryRemove((account, part), out _);

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, _) in _sent)
        {
            if (key.Account.Until < now)
                _sent.TryRemove(key, out _);
        }

        Volatile.Write(ref _sweepAt, Math.Max(FirstSweep, _sent.Count * 2));
    }
}
