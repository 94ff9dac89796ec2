namespace LlmKit.Control.Caching;

/// <summary>Decides which of the stored answers may be served: young enough, similar enough, forbidden by no guard and by nobody's judgement.</summary>
internal sealed class CacheJudge(CacheJudgements judgements, TimeProvider time)
{
    /// <summary>Whether an answer that was found by a key may be served.</summary>
    public bool MayServe(CacheRequest request, CacheEntry entry) => request.Accepts(entry, time) && !judgements.AreRejected(request.Exact, entry);

    /// <summary>Tries the candidates in order: the first that may be served is the answer.</summary>
    public CacheStep Choose(CacheRequest request, SemanticTier tier, IReadOnlyList<Neighbour<CacheEntry>> nearest, out CacheEntry? chosen)
    {
        chosen = null;
        var threshold = judgements.ThresholdFor(request.Policy, tier) ?? CachePolicy.ObservedSimilarity;
        var step = new CacheStep(CacheStep.Miss) { Tier = CacheTier.Semantic, Threshold = threshold, Similarity = nearest.Count > 0 ? nearest[0].Similarity : null };
        List<string>? vetoes = null;
        for (var i = 0; i < nearest.Count && nearest[i].Similarity >= threshold; i++)
        {
            var entry = nearest[i].Item;
            if (!MayServe(request, entry))
                continue;
            if (GuardSet.Veto(request.Text!.Facets, entry.Text!.Facets, request.Policy.Guards, tier.IgnoresWordOrder) is { } veto)
            {
                (vetoes ??= []).Add(veto);
                continue;
            }

            entry.IsUsed = true;
            chosen = entry;
            return step with { Decision = CacheStep.Hit, Reason = "similar enough", Similarity = nearest[i].Similarity, Vetoes = vetoes ?? [] };
        }

        return step with { Reason = Why(nearest, vetoes), Vetoes = vetoes ?? [] };
    }

    private static string Why(IReadOnlyList<Neighbour<CacheEntry>> nearest, List<string>? vetoes) => nearest.Count == 0 ? "nothing to compare with"
        : vetoes is null ? "nothing similar enough"
        : "guards forbid the similar ones";
}
