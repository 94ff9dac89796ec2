namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The settings of a replay.</summary>
public sealed class ReplayOptions
{
    /// <summary>Gets or sets how traces are evaluated of which only the outcome of the chosen model is known.</summary>
    /// <value><see cref="ReplayEstimator.DoublyRobust"/> by default, or <see cref="ReplayEstimator.SelfNormalized"/>. Where every outcome is known, it is <see cref="ReplayEstimator.Paired"/> in any case.</value>
    public ReplayEstimator OneSided { get; set; } = ReplayEstimator.DoublyRobust;

    /// <summary>Gets or sets the source whose scores count; traces that another source scored count as unscored.</summary>
    /// <value><see langword="null"/> by default: the only one there is. A log with several is refused.</value>
    public string? Source { get; set; }

    /// <summary>Gets or sets the confidence of the intervals.</summary>
    /// <value>Above 0 and below 1; 0.95 by default.</value>
    public double Confidence { get; set; } = 0.95;
}
