namespace LlmKit.Execution.Resilience;

/// <summary>When a circuit opens and how it closes again.</summary>
internal sealed record CircuitPolicy(
    double FailureRatio, int MinimumThroughput, TimeSpan SamplingWindow, TimeSpan BreakDuration, int HalfOpenProbes, bool ObserveOnly)
{
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(5);

    /// <summary>Gets how long probes that say nothing keep others out. It is the backstop for a probe whose end is never seen.</summary>
    public TimeSpan ProbeLease => BreakDuration > ShortestLease ? BreakDuration : ShortestLease;
}
