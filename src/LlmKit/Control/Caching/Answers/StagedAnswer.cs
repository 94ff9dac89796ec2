using LlmKit.Calls;

namespace LlmKit.Control.Caching;

/// <summary>A fresh answer that is stored when its call has ended well and nothing on the way has changed or doubted it.</summary>
/// <param name="request">The request.</param>
/// <param name="answer">The answer.</param>
/// <param name="writer">What stores it.</param>
/// <param name="asker">The equal call that had asked, which may not live to store it; <see langword="null"/> for the call itself.</param>
internal sealed class StagedAnswer(CacheRequest request, CachedAnswer answer, CacheWriter writer, LlmCall? asker) : IStagedAnswer
{
    private const AnswerMarks Spoilt = AnswerMarks.Blocked | AnswerMarks.Rewritten | AnswerMarks.Repaired | AnswerMarks.Shrunk
        | AnswerMarks.Truncated | AnswerMarks.Filtered | AnswerMarks.Unverified;

    public async ValueTask CommitAsync(LlmCall call)
    {
        // What is wrong with the answer stands on the call that asked; that it was not asked for again, on this one.
        var found = asker is null ? call.Marks : (call.Marks & ~AnswerMarks.Cached) | asker.Marks;
        var spoilt = Spoilt | AnswerMarks.Cached | (request.Policy.StoreFallbacks ? AnswerMarks.None : AnswerMarks.Fallback);
        if ((found & spoilt) is var marks and not AnswerMarks.None)
            CacheRecords.NotStored(call, $"the answer is marked {marks}");
        else if (asker is null || !await writer.IsStoredAsync(request).ConfigureAwait(false))
            await writer.StoreAsync(request, answer, asker).ConfigureAwait(false);
    }

    public void Discard()
    {
    }
}
