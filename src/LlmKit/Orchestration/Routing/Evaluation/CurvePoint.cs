namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What a policy gives at one threshold.</summary>
/// <param name="Threshold">Requests with this score or more go to the strong model; positive infinity sends none.</param>
/// <param name="StrongShare">The share of requests that go to the strong model, from 0 to 1.</param>
/// <param name="Quality">The mean score of the answers.</param>
/// <param name="Cost">The mean cost of a request.</param>
public sealed record CurvePoint(double Threshold, double StrongShare, double Quality, double Cost);
