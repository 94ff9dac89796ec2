namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>One request that both models answered, for a report. It holds no text of the request.</summary>
public sealed record ReportedRequest
{
    /// <summary>Gets how good the weak model's answer was, from 0 to 1.</summary>
    public required double Weak { get; init; }

    /// <summary>Gets how good the strong model's answer was, from 0 to 1.</summary>
    public required double Strong { get; init; }

    /// <summary>Gets what each policy scored the request, by the policy's name: the higher, the rather the strong model is asked. The first is the one that the report is about.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Scores { get; init; }

    /// <summary>Gets the length of the prompt, for the baseline that goes by it.</summary>
    public required int PromptLength { get; init; }

    /// <summary>Gets the call site.</summary>
    /// <value><see langword="null"/> by default: there is but one.</value>
    public string? Feature { get; init; }

    /// <summary>Gets what the request costs when the weak model answers it, in any unit.</summary>
    /// <value>0 by default.</value>
    public double WeakCost { get; init; }

    /// <summary>Gets what the request costs when the strong model answers it.</summary>
    /// <value>1 by default, so that the mean cost is the share of the strong model.</value>
    public double StrongCost { get; init; } = 1;

    internal ScoredOutcome Scored(double score) => new(score, Weak, Strong) { WeakCost = WeakCost, StrongCost = StrongCost };
}
