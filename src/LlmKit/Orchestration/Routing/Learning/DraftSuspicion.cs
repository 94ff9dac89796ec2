using LlmKit.Orchestration.Routing.Learning.Features;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>Suspects drafts by rules, where there are no examples to learn from: sums that do not hold, no end, no result, much said.</summary>
public static class DraftSuspicion
{
    /// <summary>Scores a draft.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="draft">The weak model's answer.</param>
    /// <returns>0 or more; the higher, the rather the strong model should be asked. It orders drafts and is no probability.</returns>
    public static double Of(ReadOnlySpan<char> prompt, ReadOnlySpan<char> draft) => DraftStats.Suspicion(prompt, draft);
}
