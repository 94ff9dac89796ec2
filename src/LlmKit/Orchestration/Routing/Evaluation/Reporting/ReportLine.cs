using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What one policy does with some requests, at the threshold that was calibrated on all of them. The intervals are those of <see cref="CurveIntervals"/>, of 95 %.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Quality">The mean score of the answers.</param>
/// <param name="Cost">The mean cost of a request.</param>
/// <param name="StrongShare">The share of requests that go to the strong model.</param>
/// <param name="Apgr">The mean gap recovered, whatever the threshold; <see langword="null"/>, as the measures below, where both models are equally good, the policy always asks the same, or there are fewer than <see cref="CurveIntervals.LeastCount"/> requests.</param>
/// <param name="Pgr">The gap recovered at <paramref name="StrongShare"/>.</param>
/// <param name="Cpt50">The least share of the strong model that recovers half of the gap.</param>
/// <param name="Cpt80">The least share that recovers four fifths.</param>
public sealed record ReportLine(string Policy, double Quality, double Cost, double StrongShare, Interval? Apgr = null, Interval? Pgr = null, Interval? Cpt50 = null, Interval? Cpt80 = null);
