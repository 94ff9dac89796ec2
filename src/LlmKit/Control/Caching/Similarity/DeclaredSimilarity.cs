namespace LlmKit;

/// <summary>What an embedder says of its own scores, so that the cache need not be told: the least at which two texts may share an answer.</summary>
/// <remarks>
/// Immutable. An embedder returns it from <c>GetService(typeof(DeclaredSimilarity))</c>. Only whoever has measured the embedder can say it: scores of two
/// embedders are not comparable, and thresholds move from one kind of text to another. <see cref="SemanticCacheCalibration"/> finds one from
/// labelled pairs.
/// </remarks>
/// <param name="MinSimilarity">The least cosine at which two texts may share an answer, above 0 up to 1.</param>
/// <exception cref="ArgumentOutOfRangeException">It is not above 0 and up to 1.</exception>
public sealed record DeclaredSimilarity(double MinSimilarity)
{
    /// <summary>Gets the least cosine at which two texts may share an answer, above 0 up to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and up to 1.</exception>
    public double MinSimilarity { get; init => field = Checked(value); } = Checked(MinSimilarity);

    /// <summary>Gets whether the embedder gives nearly one vector to the same words in another order, so that the cache must look at their order.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IgnoresWordOrder { get; init; }

    /// <summary>Gets in a sentence what the threshold was measured on and with what result.</summary>
    /// <value><see langword="null"/> by default. Written for people; never looked at.</value>
    public string? Basis { get; init; }

    private static double Checked(double minSimilarity) => minSimilarity is > 0 and <= 1
        ? minSimilarity
        : throw new ArgumentOutOfRangeException(nameof(minSimilarity), $"The similarity '{minSimilarity}' is not above 0 and up to 1. Declare a cosine such as 0.97.");
}
