using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Gate;

/// <summary>Holds figures against limits.</summary>
/// <remarks>
/// Where one row is taken from another the best iterations count: a difference of two medians swings with both. A limit in nanoseconds means
/// those of the reference machine. How much slower this one is at this moment is the geometric mean over yardsticks of three kinds: calls and
/// allocation (awaiting layers), clock and timers (Polly), arithmetic (SHA-256). One alone would follow its own hardware feature; the mean of
/// unlike ones follows the machine.
/// </remarks>
internal sealed class Judge
{
    private const int UpdatesBetween = 100;

    private readonly IReadOnlyDictionary<string, Measurement> _measured;
    private readonly Func<Measurement, double> _timeOf;

    /// <param name="limits">The limits.</param>
    /// <param name="measured">What was measured, by row.</param>
    /// <param name="timeOf">Which time of a row counts where whole rows are compared.</param>
    public Judge(Limits limits, IReadOnlyDictionary<string, Measurement> measured, Func<Measurement, double> timeOf)
    {
        (_measured, _timeOf) = (measured, timeOf);
        Slowness = Math.Exp(limits.Yardsticks.Average(yardstick => Math.Log(Of(yardstick.Row).Best / yardstick.Nanoseconds)));
    }

    /// <summary>Gets this machine's times divided by the reference machine's.</summary>
    public double Slowness { get; }

    public IEnumerable<Finding> Check(Limit limit)
    {
        var what = limit.Above is null ? "" : $" above {limit.Above}";
        var (time, bytes) = Added(limit, ending: "");
        if (limit.Bytes is { } mostBytes)
            yield return new(limit.Row, "bytes" + what, bytes, mostBytes, IsTime: false);
        if (limit.BytesPerUpdate is { } mostBytesPerUpdate)
            yield return new(limit.Row, "bytes per update" + what, Math.Round(PerUpdate(Added(limit, "200").Bytes - bytes), 1), mostBytesPerUpdate, IsTime: false);
        if (limit.NanosecondsPerUpdate is { } nanosecondsPerUpdate)
            yield return new(limit.Row, "ns per update on the reference machine" + what, PerUpdate(Added(limit, "200").Time - time) / Slowness, nanosecondsPerUpdate, IsTime: true);
        if (limit.Nanoseconds is { } nanoseconds)
            yield return new(limit.Row, "ns on the reference machine" + what, time / Slowness, nanoseconds, IsTime: true);
        if (limit.Times is { } times && limit.Of is { } other)
            yield return new(limit.Row, "times " + other + what, time / (limit.Above is null ? _timeOf(Of(other)) : Of(other).Best), times, IsTime: true);
    }

    /// <summary>The runtime itself adds a byte or two to a run's average, so a tenth of a byte is the finest that can be told.</summary>
    private static double PerUpdate(double difference) => difference / UpdatesBetween;

    /// <summary>What a row takes, or what it adds to the one without its stage.</summary>
    private (double Time, long Bytes) Added(Limit limit, string ending)
    {
        var row = limit.Row + ending;
        return limit.Above is not { } above
            ? (_timeOf(Of(row)), Of(row).Bytes)
            : (Of(row).Best - Of(above + ending).Best, Of(row).Bytes - Of(above + ending).Bytes);
    }

    private Measurement Of(string row) => _measured.TryGetValue(row, out var measurement)
        ? measurement
        : throw new InvalidOperationException($"limits.json names the row '{row}', which no benchmark has. Correct the name: the class without 'Benchmark', a dot, the method.");
}
