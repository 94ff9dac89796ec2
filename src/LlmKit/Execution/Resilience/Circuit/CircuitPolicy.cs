namespace LlmKit.Execution.Resilience;

/// <summary>When a circuit opens and how it closes again. A break of zero lets probes through at once.</summary>
internal sealed record CircuitPolicy(
    double FailureRatio, int MinimumThroughput, TimeSpan SamplingWindow, TimeSpan BreakDuration, int HalfOpenProbes, bool ObserveOnly)
{
    private static readonly TimeSpan OneProbe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(5);

    /// <summary>Gets when to come back after a refusal for no other reason than that probes are out.</summary>
    public TimeSpan RetryAfterProbes => BreakDuration > TimeSpan.Zero ? BreakDuration : OneProbe;

    /// <summary>Gets how long probes that say nothing keep others out. It is the backstop for a probe whose end is never seen.</summary>
    public TimeSpan ProbeLease => BreakDuration > ShortestLease ? BreakDuration : ShortestLease;
}
