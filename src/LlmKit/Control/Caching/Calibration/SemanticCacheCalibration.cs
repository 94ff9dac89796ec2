using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Finds from labelled pairs the threshold at which the share of wrong answers among the cache's hits stays below a target.</summary>
/// <remarks>
/// <para>
/// Thread-safe. Nothing is guessed: the threshold is the lowest that is proved. A pair hits when its cosine reaches the threshold and the guards
/// forbid nothing, as in the cache. The wrong hits among the hits are bounded by the one-sided upper limit of Clopper and Pearson (Biometrika 26,
/// 1934) with a confidence of 95 %: to claim a rate of 1 %, 299 hits without a wrong one are needed.
/// </para>
/// <para>
/// The best of many thresholds would be luck in part. So they are tested in an order that is fixed beforehand, from 1.00 down in steps of 0.01,
/// and the first that breaks the target ends the walk, whatever lower ones say: such a fixed sequence keeps the confidence of a single test
/// (Maurer, Hothorn, Lehmacher 1995; applied to thresholds by Angelopoulos et al., Learn then Test, 2021). The walk starts at the first threshold
/// with enough hits to meet the target with none wrong, found from their number and never from their labels (149 at a target of 0.02). Where so
/// many pairs are near that three wrong hits may be borne, a second walk starts there, and the two share the 5 % equally: a single wrong hit at the
/// top then does not end it all. So a threshold of the curve may meet the target and not be chosen: then it is not proved to be more than luck.
/// </para>
/// <para>
/// The proof holds for traffic like the pairs. Label pairs that your own cache found near each other (observe first), not pairs drawn at random: wrong
/// hits come from near ones. Pairs that share a text are not independent. A changed embedder needs a new calibration.
/// </para>
/// </remarks>
/// <example><code>
/// var result = await SemanticCacheCalibration.CalibrateAsync(pairs, embedder, maxWrongHitRate: 0.02);
/// pipeline.UseSemanticCache(cache => cache.MinSimilarity = result.Threshold);
/// </code></example>
public static class SemanticCacheCalibration
{
    private const int BatchSize = 128;

    /// <summary>Finds the threshold for pairs that have their similarities.</summary>
    /// <param name="pairs">One pair at least, each with a similarity.</param>
    /// <param name="maxWrongHitRate">The most wrong hits per hit, above 0 and below 1; 0.02 by default.</param>
    /// <param name="guards">The guards of the cache; <see cref="CacheGuards.Balanced"/> by default.</param>
    /// <param name="ignoresWordOrder">Whether the embedder does not see the order of words (<see cref="DeclaredSimilarity.IgnoresWordOrder"/>), so that the guards look at it.</param>
    /// <returns>The threshold and the curve; without a threshold when the labels prove none.</returns>
    /// <exception cref="ArgumentNullException">There are no pairs.</exception>
    /// <exception cref="ArgumentException">A pair lacks a text or a similarity or has one outside -1 to 1, there is no pair, the target is outside 0 to 1 or the guards are unknown.</exception>
    public static CalibrationResult Calibrate(
        IReadOnlyList<LabelledPair> pairs, double maxWrongHitRate = 0.02, CacheGuards guards = CacheGuards.Balanced, bool ignoresWordOrder = false)
    {
        CalibrationChecks.Check(pairs, maxWrongHitRate, guards, needsSimilarity: true);
        return CalibrationWalk.Choose(PairScores.Of(pairs, guards, ignoresWordOrder), pairs.Count, maxWrongHitRate, guards);
    }

    /// <summary>Finds the threshold, and has the similarities that are missing computed.</summary>
    /// <remarks>
    /// The texts go to the embedder in groups of 128, each once, outside any pipeline: the embedder's own price is paid and no budget sees it. Whether it
    /// ignores the order of words it says itself (<see cref="DeclaredSimilarity"/>).
    /// </remarks>
    /// <param name="pairs">One pair at least.</param>
    /// <param name="embedder">The embedder that the cache will use. It is not disposed of.</param>
    /// <param name="maxWrongHitRate">The most wrong hits per hit, above 0 and below 1; 0.02 by default.</param>
    /// <param name="guards">The guards of the cache; <see cref="CacheGuards.Balanced"/> by default.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The threshold and the curve; without a threshold when the labels prove none.</returns>
    /// <exception cref="ArgumentNullException">There are no pairs or there is no embedder.</exception>
    /// <exception cref="ArgumentException">A pair lacks a text or has a similarity outside -1 to 1, there is no pair, the target is outside 0 to 1 or the guards are unknown.</exception>
    /// <exception cref="InvalidOperationException">The embedder gave another number of vectors than texts, vectors of several lengths or none with a direction.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static async Task<CalibrationResult> CalibrateAsync(
        IReadOnlyList<LabelledPair> pairs,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        double maxWrongHitRate = 0.02,
        CacheGuards guards = CacheGuards.Balanced,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        CalibrationChecks.Check(pairs, maxWrongHitRate, guards, needsSimilarity: false);
        var scored = await PairEmbeddings.FillAsync(pairs, embedder, BatchSize, cancellationToken).ConfigureAwait(false);
        var ignoresWordOrder = embedder.GetService<DeclaredSimilarity>() is { IgnoresWordOrder: true };
        return Calibrate(scored, maxWrongHitRate, guards, ignoresWordOrder);
    }
}
