using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Evaluation.Traces;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation;

/// <summary>Logs of which the truth is known: hard requests, half of all, overtax the weak model; the log sends them to the strong one for the most part.</summary>
internal sealed class SyntheticLog(int seed)
{
    public const double AlwaysWeak = 0.6;
    public const double AlwaysStrong = 0.85;
    public const double ByFeature = 0.85;

    private readonly Random _chance = new(seed);

    public List<RoutingTrace> Draw(int count, double mostly = 0.9, bool withShadows = false) => [.. Enumerable.Range(0, count).Select(index => TraceOf(index, mostly, withShadows))];

    private RoutingTrace TraceOf(int index, double mostly, bool withShadows)
    {
        var isHard = _chance.Next(2) == 0;
        var isStrong = _chance.NextDouble() < (isHard ? mostly : 1 - mostly);
        var (weak, strong) = (Drawn(isHard ? 0.3 : 0.9), Drawn(isHard ? 0.8 : 0.9));
        var prompt = (isHard ? "Prove it of " : "Repeat it for ") + string.Join(' ', Enumerable.Repeat("word", _chance.Next(3, 40)));
        return new()
        {
            Id = $"{index}.1",
            CallId = $"{index}",
            Time = DateTimeOffset.UnixEpoch.AddSeconds(index),
            Policy = "logged",
            PolicyVersion = "1",
            Candidates = ["weak", "strong"],
            Model = isStrong ? "strong" : "weak",
            Reason = "policy",
            Propensity = isHard == isStrong ? mostly : 1 - mostly,
            Feature = isHard ? "proofs" : "words",
            Prompt = prompt,
            PromptLength = prompt.Length,
            AnsweredBy = isStrong ? "strong" : "weak",
            IsAnswer = true,
            Status = CallStatus.Completed,
            Attempts = 1,
            Cost = isStrong ? 10 : 1,
            Outcome = new(isStrong ? strong : weak),
            Shadows = withShadows ? new Dictionary<string, ShadowOutcome> { [isStrong ? "weak" : "strong"] = new(isStrong ? weak : strong, isStrong ? 1 : 10) } : null,
        };
    }

    private double Drawn(double probability) => _chance.NextDouble() < probability ? 1 : 0;
}
