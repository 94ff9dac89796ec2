using LlmKit.Internal.Statistics;

namespace LlmKit.Control.Caching;

/// <summary>How many of the hits that were checked were wrong, and the threshold that follows from it. Thread-safe.</summary>
/// <remarks>
/// The last <see cref="Remembered"/> checks count. The bound on wrong hits is broken when even the lower end of the one-sided 95 %
/// Clopper-Pearson interval lies above it: then the threshold rises in steps of 0.01 to the first at which the remaining checks do not
/// break it, or beyond 1, where only keys hit. It never falls by itself.
/// </remarks>
internal sealed class HitQuality
{
    public const int Remembered = 2_000;
    public const double Confidence = 0.95;

    private const double Step = 0.01;

    private readonly Lock _lock = new();
    private readonly Queue<(double Similarity, bool IsWrong)> _checks = [];
    private double _raised;

    /// <summary>Gets the threshold that the checks have led to; 0 as long as they have led to none, above 1 when no similarity is enough.</summary>
    public double Raised
    {
        get
        {
            lock (_lock)
                return _raised;
        }
    }

    /// <summary>Adds a check.</summary>
    /// <param name="similarity">How similar the hit was.</param>
    /// <param name="isWrong">Whether it was wrong.</param>
    /// <param name="threshold">The threshold in force.</param>
    /// <param name="bound">The most wrong hits to a hit; <see langword="null"/> to measure only.</param>
    /// <returns>Whether the threshold has risen.</returns>
    public bool Add(double similarity, bool isWrong, double threshold, double? bound)
    {
        lock (_lock)
        {
            _checks.Enqueue((similarity, isWrong));
            if (_checks.Count > Remembered)
                _checks.Dequeue();
            return bound is { } most && Tighten(Math.Max(threshold, _raised), most);
        }
    }

    /// <summary>Gives the checks of hits at a threshold or above, and how many were wrong.</summary>
    public (int Checked, int Wrong) At(double threshold)
    {
        lock (_lock)
            return Count(threshold);
    }

    private bool Tighten(double threshold, double bound)
    {
        if (!IsBroken(threshold, bound))
            return false;
        var raised = threshold;
        do
            raised = Math.Round(raised + Step, 2);
        while (raised <= 1 && (IsBroken(raised, bound) || Count(raised).Checked == 0));
        _raised = raised;
        return true;
    }

    private bool IsBroken(double threshold, double bound)
    {
        var (count, wrong) = Count(threshold);
        return wrong > 0 && BinomialInterval.Lower(wrong, count, Confidence) > bound;
    }

    private (int Checked, int Wrong) Count(double threshold)
    {
        int count = 0, wrong = 0;
        foreach (var (similarity, isWrong) in _checks)
        {
            if (similarity < threshold)
                continue;
            count++;
            wrong += isWrong ? 1 : 0;
        }

        return (count, wrong);
    }
}
