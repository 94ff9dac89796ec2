using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What a policy would have reached on the requests of a log.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Version">The version of its rules.</param>
/// <param name="Quality">The mean score of the answers, with its interval.</param>
/// <param name="Cost">The mean cost of a request in USD, with its interval; <see langword="null"/> where the log does not know all costs.</param>
/// <param name="Shares">The share of the requests that each model would have got.</param>
/// <param name="Count">How many traces it rests on.</param>
/// <param name="Matched">On how many of them the policy may choose what was chosen.</param>
/// <param name="EffectiveCount">How many traces of equal weight would tell as much (Kish, 1965): far below <paramref name="Count"/>, the policy is too unlike the one that was logged.</param>
/// <param name="Estimator">How the figures came about.</param>
public sealed record PolicyReplay(
    string Name,
    string Version,
    Interval Quality,
    Interval? Cost,
    IReadOnlyDictionary<string, double> Shares,
    int Count,
    int Matched,
    double EffectiveCount,
    ReplayEstimator Estimator);
