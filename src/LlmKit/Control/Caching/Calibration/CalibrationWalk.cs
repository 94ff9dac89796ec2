using LlmKit.Internal.Statistics;

namespace LlmKit.Control.Caching;

/// <summary>Walks down the thresholds while the target is proved.</summary>
internal static class CalibrationWalk
{
    private const int Lowest = 50;
    private const int Highest = 100;

    /// <summary>Where labels are plenty, the walk starts with enough hits to bear so many wrong ones: the first single one would end it otherwise.</summary>
    private const int BornePlenty = 3;

    public static CalibrationResult Choose(PairScores scores, int pairs, double target, CacheGuards guards)
    {
        var curve = Enumerable.Range(Lowest, Highest - Lowest + 1).Select(hundredths => scores.At(hundredths / 100.0)).ToArray();
        var chosen = Walk(curve, target);
        return new(pairs, target, guards, curve, chosen, chosen is null ? Needed(curve, target) : null);
    }

    private static CalibrationPoint? Walk(CalibrationPoint[] curve, double target)
    {
        CalibrationPoint? chosen = null;
        var enough = StartOf(curve, target);
        for (var i = curve.Length - 1; i >= 0; i--)
        {
            var point = curve[i];

            // Passing over by the number of hits alone costs no confidence; looking at their labels first would.
            if (point.Hits < enough)
                continue;
            if (point.WrongHitBound > target)
                break;
            chosen = point;
        }

        return chosen;
    }

    private static long StartOf(CalibrationPoint[] curve, double target)
    {
        var bearing = BinomialInterval.Needed(BornePlenty, target);
        return curve[0].Hits >= 2 * bearing ? bearing : BinomialInterval.Needed(0, target);
    }

    /// <summary>How many hits would prove the target if no more were wrong than at the point which asks for the fewest.</summary>
    private static long? Needed(CalibrationPoint[] curve, double target)
    {
        long? fewest = null;
        foreach (var point in curve)
        {
            if (point.Hits > 0 && !(point.WrongHitRate < target))
                continue;
            var needed = BinomialInterval.Needed(point.WrongHits, target);
            fewest = fewest is { } other && other < needed ? other : needed;
        }

        return fewest;
    }
}
