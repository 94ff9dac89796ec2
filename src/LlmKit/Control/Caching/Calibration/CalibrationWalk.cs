using LlmKit.Internal.Statistics;

namespace LlmKit.Control.Caching;

/// <summary>Walks down the thresholds while the target is proved.</summary>
internal static class CalibrationWalk
{
    private const int Lowest = 50;
    private const int Highest = 100;

    /// <summary>So many wrong hits the second walk bears at its start: the first walk may end at a single one.</summary>
    private const int Borne = 3;

    private const double Confidence = 0.95;

    // Two walks have to share what one may miss.
    private const double ConfidenceOfTwo = (1 + Confidence) / 2;

    public static CalibrationResult Choose(PairScores scores, int pairs, double target, CacheGuards guards)
    {
        var curve = Enumerable.Range(Lowest, Highest - Lowest + 1).Select(hundredths => scores.At(hundredths / 100.0)).ToArray();
        var chosen = Choose(curve, target);
        return new(pairs, target, guards, curve, chosen, chosen is null ? Needed(curve, target) : null);
    }

    /// <summary>How many walks there are follows from the number of near pairs, never from their labels.</summary>
    private static CalibrationPoint? Choose(CalibrationPoint[] curve, double target)
    {
        var bearing = BinomialInterval.Needed(Borne, target, ConfidenceOfTwo);
        if (curve[0].Hits < 2 * bearing)
            return Walk(curve, BinomialInterval.Needed(0, target, Confidence), target, Confidence);
        var first = Walk(curve, BinomialInterval.Needed(0, target, ConfidenceOfTwo), target, ConfidenceOfTwo);
        var second = Walk(curve, bearing, target, ConfidenceOfTwo);
        return first is null || second?.Threshold < first.Threshold ? second : first;
    }

    private static CalibrationPoint? Walk(CalibrationPoint[] curve, long enough, double target, double confidence)
    {
        CalibrationPoint? chosen = null;
        for (var i = curve.Length - 1; i >= 0; i--)
        {
            var point = curve[i];

            // Passing over by the number of hits alone costs no confidence; looking at their labels first would.
            if (point.Hits < enough)
                continue;
            if (BinomialInterval.Upper(point.WrongHits, point.Hits, confidence) > target)
                break;
            chosen = point;
        }

        return chosen;
    }

    /// <summary>How many hits would prove the target if no more were wrong than at the point which asks for the fewest.</summary>
    private static long? Needed(CalibrationPoint[] curve, double target)
    {
        if (curve[0].Hits == 0)
            return BinomialInterval.Needed(0, target);
        long? fewest = null;
        foreach (var point in curve)
        {
            if (!(point.WrongHitRate < target))
                continue;

            // A point may meet the target and yet not be proved, because the walk ended above it.
            var needed = Math.Max(BinomialInterval.Needed(point.WrongHits, target), point.Hits + 1);
            fewest = fewest is { } other && other < needed ? other : needed;
        }

        return fewest;
    }
}
