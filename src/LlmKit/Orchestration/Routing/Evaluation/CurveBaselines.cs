namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The scores that any policy must be shown beside.</summary>
public static class CurveBaselines
{
    /// <summary>Scores by chance: what is paid for no knowledge.</summary>
    /// <param name="count">How many requests.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>A score for each.</returns>
    public static double[] Random(int count, int seed)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => chance.NextDouble())];
    }

    /// <summary>Scores by the prompt's length, long ones to the strong model: no training, and hard to beat.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>Its length.</returns>
    public static double Length(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return prompt.Length;
    }

    /// <summary>Scores with both answers known: what is there to win.</summary>
    /// <param name="weak">How good the weak model's answer was.</param>
    /// <param name="strong">How good the strong model's was.</param>
    /// <returns>The gain.</returns>
    public static double Oracle(double weak, double strong) => strong - weak;
}
