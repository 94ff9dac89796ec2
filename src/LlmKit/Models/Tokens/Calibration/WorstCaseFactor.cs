namespace LlmKit.Models;

/// <summary>By how much a model's worst case must be raised: above 1 only for a model that was seen to exceed it.</summary>
/// <remarks>
/// Thread-safe without a lock. It rises at once, with a quarter to spare and at most twofold for one report, so that a single absurd one does not empty
/// the budgets; it sinks by a thousandth of what is above 1 with each call that stays below. In balance fewer than one call in a hundred exceeds it. What is above
/// by no more than 16 tokens is left: it would make the factor of a short request that of every long one.
/// </remarks>
internal sealed class WorstCaseFactor
{
    private const double Most = 8;
    private const double Absurd = 64;
    private const double ToSpare = 1.25;
    private const double MostRise = 2;
    private const double CallsToSink = 1_024;

    // So much more is what stands around a short request, and no tokenizer's doing.
    private const long Frame = 16;

    private double _factor = 1;

    public long Apply(long worst)
    {
        var factor = Volatile.Read(ref _factor);
        return factor <= 1 ? worst : (long)Math.Ceiling(worst * factor);
    }

    /// <summary>Notes what a request had really cost whose worst case was known, without the factor.</summary>
    public void Note(long worst, long reported)
    {
        var factor = Volatile.Read(ref _factor);
        if (worst <= 0 || (factor <= 1 && reported <= worst + Frame))
            return;
        var needed = reported / (double)worst;
        if (needed > Absurd)
            return;
        var next = reported > worst * factor + Frame ? Math.Min(Math.Min(needed * ToSpare, factor * MostRise), Most) : factor - (factor - 1) / CallsToSink;
        // Of two reports at once one may be lost: the next one makes up for it.
        Interlocked.CompareExchange(ref _factor, next, factor);
    }
}
