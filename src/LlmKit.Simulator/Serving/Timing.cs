namespace LlmKit.Simulator.Serving;

/// <summary>The waits of one request.</summary>
internal readonly record struct Timing(TimeSpan ToHeaders, TimeSpan ToFirstContent, TimeSpan PerChunk)
{
    // Faults draw with their place in the plan, from 0 up; latencies draw from below.
    private const int SpreadDraw = -1;
    private const int TailDraw = -2;

    public static Timing Of(SimulatorLatency latency, int seed, ulong fingerprint, int tryNumber)
    {
        var factor = 1 + latency.Spread * (2 * StableHash.Chance(seed, fingerprint, tryNumber, SpreadDraw) - 1);
        if (StableHash.Chance(seed, fingerprint, tryNumber, TailDraw) < latency.TailProbability)
            factor *= latency.TailFactor;
        return new(latency.ToHeaders * factor, latency.ToFirstContent * factor, latency.PerChunk * factor);
    }
}
