namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The settings of a report on routing.</summary>
public sealed class RoutingReportOptions
{
    /// <summary>Gets or sets the heading.</summary>
    /// <value><c>Routing report</c> by default.</value>
    public string Title { get; set; } = "Routing report";

    /// <summary>Gets or sets a sentence on where the requests come from.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    public string? Note { get; set; }

    /// <summary>Gets or sets the part of the strong model's quality that each policy's threshold is calibrated for.</summary>
    /// <value>Above 0 and at most 1; 0.95 by default.</value>
    public double QualityFloor { get; set; } = 0.95;

    /// <summary>Gets or sets the unit of costs, such as <c>USD</c>.</summary>
    /// <value><see langword="null"/> by default: costs are shares of the requests. A report on traces has USD where it knows all costs, whatever is set.</value>
    public string? CostUnit { get; set; }

    /// <summary>Gets or sets how traces are replayed.</summary>
    /// <value>The defaults of <see cref="ReplayOptions"/>. Only reports on traces have them.</value>
    public ReplayOptions Replay { get; set; } = new();

    /// <summary>Gets or sets the weak model of the curve in a report on traces.</summary>
    /// <value><see langword="null"/> by default: of the two models with scored answers to the same requests the one whose answers are worse. Where there are more, name both.</value>
    public string? WeakModel { get; set; }

    /// <summary>Gets or sets the strong model of the curve in a report on traces.</summary>
    /// <value><see langword="null"/> by default: of the two models with scored answers to the same requests the one whose answers are better. Where there are more, name both.</value>
    public string? StrongModel { get; set; }

    /// <summary>Gets or sets the seed of the baseline by chance and of the intervals.</summary>
    /// <value>1 by default.</value>
    public int Seed { get; set; } = 1;
}
