using LlmKit.Calls;

namespace LlmKit.Control.Caching;

/// <summary>A fresh answer that is stored when its call has ended well and nothing on the way has changed or doubted it.</summary>
internal sealed class StagedAnswer(CacheRequest request, CachedAnswer answer, CacheLifetimes lifetimes, ICacheStore store) : IStagedAnswer
{
    private const AnswerMarks Spoilt = AnswerMarks.Blocked | AnswerMarks.Rewritten | AnswerMarks.Repaired | AnswerMarks.Shrunk
        | AnswerMarks.Truncated | AnswerMarks.Filtered | AnswerMarks.Cached;

    public async ValueTask CommitAsync(LlmCall call)
    {
        var spoilt = request.Policy.StoreFallbacks ? Spoilt : Spoilt | AnswerMarks.Fallback;
        if ((call.Marks & spoilt) is var marks and not AnswerMarks.None)
        {
            call.AddStep(new CacheStep(CacheStep.NotStored, $"the answer is marked {marks}"));
            return;
        }

        var entry = new CacheEntry(request.Keys, answer, request.Text, lifetimes.Now, lifetimes.Next(request.Policy.TimeToLive));
        var stored = await store.AddAsync(entry, request.Policy, CancellationToken.None).ConfigureAwait(false);
        call.AddStep(stored ? new CacheStep(CacheStep.Stored) : new CacheStep(CacheStep.NotStored, "the answer is larger than the cache"));
    }

    public void Discard()
    {
    }
}
