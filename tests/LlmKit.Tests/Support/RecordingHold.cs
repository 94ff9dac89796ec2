using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>One reservation, which counts how often it was ended.</summary>
internal sealed class RecordingHold(decimal reserved) : ISpendingHold
{
    private int _ends;
    private int _renewals;

    public decimal Reserved => reserved;

    public decimal? Settled { get; private set; }

    public bool IsReleased { get; private set; }

    /// <summary>Gets how often it was settled or released; 1 when all is well.</summary>
    public int Ends => Volatile.Read(ref _ends);

    public int Renewals => Volatile.Read(ref _renewals);

    public void Renew(Expense atLeast) => Interlocked.Increment(ref _renewals);

    public void Settle(Expense actual)
    {
        Settled = actual.Money.ToUsd();
        Interlocked.Increment(ref _ends);
    }

    public void Release()
    {
        IsReleased = true;
        Interlocked.Increment(ref _ends);
    }
}
