namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What one policy does with some requests, at the threshold that was calibrated on all of them.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Quality">The mean score of the answers.</param>
/// <param name="Cost">The mean cost of a request.</param>
/// <param name="StrongShare">The share of requests that go to the strong model.</param>
/// <param name="Apgr">The mean gap recovered with its 95 % interval, whatever the threshold; <see langword="null"/> where both models are equally good, or the policy always asks the same.</param>
public sealed record ReportLine(string Policy, double Quality, double Cost, double StrongShare, Interval? Apgr);
