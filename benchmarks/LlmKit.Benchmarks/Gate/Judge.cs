using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Gate;

/// <summary>Holds figures against limits.</summary>
/// <remarks>
/// A limit in nanoseconds means those of the reference machine. How much slower this one is at this moment is the geometric mean over
/// yardsticks of three kinds: calls and allocation (awaiting layers), clock and timers (Polly), arithmetic (SHA-256). One alone would
/// follow its own hardware feature; the mean of unlike ones follows the machine.
/// </remarks>
internal sealed class Judge
{
    private const int UpdatesBetween = 100;

    private readonly Dictionary<string, Measurement> _measured;

    public Judge(Limits limits, IEnumerable<Measurement> measured)
    {
        _measured = measured.ToDictionary(measurement => measurement.Row);
        Slowness = Math.Exp(limits.Yardsticks.Average(yardstick => Math.Log(Of(yardstick.Row).Best / yardstick.Nanoseconds)));
    }

    /// <summary>Gets this machine's times divided by the reference machine's.</summary>
    public double Slowness { get; }

    public IEnumerable<Finding> Check(Limit limit)
    {
        var row = Of(limit.Row);
        if (limit.Bytes is { } bytes)
            yield return new(limit.Row, "bytes", row.Bytes, bytes, IsTime: false);
        if (limit.BytesPerUpdate is { } perUpdate)
            yield return new(limit.Row, "bytes per update", BytesPerUpdate(row), perUpdate, IsTime: false);
        if (limit.Nanoseconds is { } nanoseconds)
            yield return new(limit.Row, "ns on the reference machine", row.Best / Slowness, nanoseconds, IsTime: true);
        if (limit.Times is { } times && limit.Of is { } other)
            yield return new(limit.Row, "times " + other, row.Best / Of(other).Best, times, IsTime: true);
    }

    /// <summary>The runtime itself adds a byte or two to a run's average, so a tenth of a byte is the finest that can be told.</summary>
    private double BytesPerUpdate(Measurement row) => Math.Round((Of(row.Row + "200").Bytes - row.Bytes) / (double)UpdatesBetween, 1);

    private Measurement Of(string row) => _measured.TryGetValue(row, out var measurement)
        ? measurement
        : throw new InvalidOperationException($"limits.json names the row '{row}', which no benchmark has. Correct the name: the class without 'Benchmark', a dot, the method.");
}
