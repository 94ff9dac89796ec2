using LlmKit.Calls;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>What is known of the cache's own hits: what users and shadow checks say about them, and what follows. Thread-safe.</summary>
internal sealed class CacheJudgements(ICacheStore store, string pipeline, ILogger logger) : IFeedbackListener
{
    private readonly ServedAnswers _served = new();
    private readonly Rejections _rejections = new();
    private readonly HitQuality _quality = new();

    public HitQuality Quality => _quality;

    /// <summary>Gives the least similarity at which an answer may be served; <see langword="null"/> where nobody has said what the embedder's similarities mean.</summary>
    public double? ThresholdFor(CachePolicy policy, SemanticTier tier) =>
        (policy.MinSimilarity ?? tier.Declared?.MinSimilarity) is { } declared ? Math.Max(declared, policy.MaxWrongHitRate is null ? 0 : _quality.Raised) : null;

    /// <summary>Notes which answer a call got or left.</summary>
    public void Note(LlmCall call, in Hash256 asked, CacheEntry entry) => _served.Add(call.Id, asked, entry);

    /// <summary>Whether somebody said that an answer is wrong for a question.</summary>
    public bool AreRejected(in Hash256 asked, CacheEntry entry) => _rejections.Contain(asked, entry.Answer);

    /// <inheritdoc cref="AreRejected"/>
    public bool IsRejected(in Hash256 asked, CachedAnswer answer) => _rejections.Contain(asked, answer);

    /// <summary>Takes what a shadow check has found. The answer stays, for it may be right for its own question.</summary>
    public void Judge(CacheRequest request, CacheHit hit, AnswerAgreement agreement)
    {
        CachingTelemetry.CountCheck(agreement);
        if (agreement == AnswerAgreement.Undecided)
            return;
        var isWrong = agreement == AnswerAgreement.Differs;
        var threshold = hit.Threshold ?? 0;
        if (_quality.Add(hit.Similarity, isWrong, threshold, request.Policy.MaxWrongHitRate))
            CachingTelemetry.Tightened(logger, pipeline, _quality.Raised);
        CachingTelemetry.RecordQuality(pipeline, _quality.At(0), Math.Max(threshold, _quality.Raised));
        if (isWrong)
            _rejections.Add(request.Exact, hit.Answer.Fingerprint);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TakeAsync(Feedback feedback, CancellationToken cancellationToken)
    {
        if (_served.Find(feedback.CallId) is not { } served)
            return false;
        CachingTelemetry.CountFeedback(feedback.IsBad);
        if (!feedback.IsBad)
            return true;
        _rejections.Add(served.Asked, served.Answer);
        await store.RemoveAsync(served.Entry, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
