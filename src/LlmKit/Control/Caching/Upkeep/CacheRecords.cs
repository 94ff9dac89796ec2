using LlmKit.Calls;

namespace LlmKit.Control.Caching;

/// <summary>Puts what the cache decides on the call, and counts it.</summary>
internal sealed class CacheRecords(CacheCounters counters, CacheJudgements judgements, TimeProvider time)
{
    public void Bypass(LlmCall call, string reason)
    {
        call.AddStep(new CacheStep(CacheStep.Bypass, reason));
        counters.Bypass();
        CachingTelemetry.CountLookup(CacheTier.None, CacheStep.Bypass);
    }

    public CacheHit? Miss(CacheRequest request, CacheStep step)
    {
        request.Call.AddStep(step);
        counters.Miss();
        CachingTelemetry.CountLookup(step.Tier, CacheStep.Miss);
        return null;
    }

    /// <summary>Records a hit, and gives it unless it is only observed.</summary>
    public CacheHit? Hit(CacheRequest request, CacheEntry entry, CacheStep step, bool isObserved)
    {
        var cost = entry.Cost.ToUsd();
        request.Call.AddStep(step with { Age = entry.Age(time), Saved = entry.Answer.Usage, SavedCost = cost, EntryNumber = entry.Exact.A, Observed = isObserved });
        CachingTelemetry.CountLookup(step.Tier, isObserved ? "observed" : CacheStep.Hit);
        if (isObserved)
        {
            counters.Observe(entry.Cost);
            return null;
        }

        counters.Hit(step.Tier, entry.Cost);
        CachingTelemetry.CountSaved(step.Tier, cost);
        request.Call.Model = entry.Answer.Model;
        request.Call.Mark(AnswerMarks.Cached);
        judgements.Note(request.Call, request.Exact, entry);
        return new(entry, step.Tier, step.Similarity ?? 1, step.Threshold);
    }

    /// <summary>Records that a call waits for the answer of an equal one.</summary>
    public void Joined(LlmCall call)
    {
        call.AddStep(new CacheStep(CacheStep.Joined, "an equal call was on its way") { Tier = CacheTier.Exact });
        counters.Join();
        CachingTelemetry.CountLookup(CacheTier.Exact, CacheStep.Joined);
    }

    public static void NotStored(LlmCall call, string? reason) => call.AddStep(new CacheStep(CacheStep.NotStored, reason));

    public void Stored(CacheRequest request, CacheEntry entry)
    {
        request.Call.AddStep(new CacheStep(CacheStep.Stored) { EntryNumber = entry.Exact.A });
        judgements.Note(request.Call, request.Exact, entry);
    }
}
