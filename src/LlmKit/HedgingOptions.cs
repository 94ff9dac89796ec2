namespace LlmKit;

/// <summary>When a second attempt is started beside a slow one. The first good answer wins, the other attempt is cancelled, and both are paid for.</summary>
/// <remarks>
/// Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Hedging</c> for a second attempt on
/// the same model (<c>UseHedging</c>), from <c>LlmKit:&lt;pipeline&gt;:Router:Hedging</c> for one on another model; configuration wins over code,
/// and an empty value switches <see cref="Percentile"/> off. They hold for each model on its own.
/// </remarks>
public sealed class HedgingOptions
{
    /// <summary>Gets or sets how long the first attempt has before the second is started: the answer, or the first content of a stream.</summary>
    /// <value>0 to 1 day; 3 seconds by default. With a <see cref="Percentile"/> it holds until 20 answers were seen.</value>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets the part of the recent answers that came faster than the delay is to be, so that only the slowest are hedged.</summary>
    /// <value>0.5 to 0.999, such as 0.95; <see langword="null"/> by default: <see cref="Delay"/> is fixed. Streams and plain answers are measured apart, over about the last thousand, to within an eighth. No attempt is hedged sooner than after 20 milliseconds by it.</value>
    public double? Percentile { get; set; }

    /// <summary>Gets or sets the part of a model's calls that may be hedged, so that a slow provider is not made slower. Counted over the last 10 seconds.</summary>
    /// <value>0 to 1; 0.1 by default.</value>
    public double Share { get; set; } = 0.1;

    /// <summary>Gets or sets how many hedges in 10 seconds are allowed beside <see cref="Share"/>, however few the calls.</summary>
    /// <value>0 or more; 2 by default.</value>
    public int Floor { get; set; } = 2;

    /// <summary>Gets or sets whether requests with tools may be hedged. Two attempts may ask for different tool calls; only the winner's are seen.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool WithTools { get; set; }
}
