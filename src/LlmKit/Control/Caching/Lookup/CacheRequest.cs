using LlmKit.Calls;

namespace LlmKit.Control.Caching;

/// <summary>What the cache knows of one request while its call runs.</summary>
internal sealed class CacheRequest(LlmCall call, CachePolicy policy, RequestKeys keys, string question, LlmCacheDirectives directives, TimeSpan? maxAge)
{
    public LlmCall Call { get; } = call;

    public CachePolicy Policy { get; } = policy;

    public RequestKeys Keys { get; } = keys;

    /// <summary>Gets the text of the last user message.</summary>
    public string Question { get; } = question;

    public TimeSpan? MaxAge { get; } = maxAge;

    public bool MayRead { get; } = (directives & LlmCacheDirectives.NoRead) == 0;

    public bool MayWrite { get; } = (directives & LlmCacheDirectives.NoWrite) == 0;

    /// <summary>Gets or sets the embedded question, when it was embedded.</summary>
    public SemanticText? Text { get; set; }

    /// <summary>Whether an answer is young enough for the cache and for the call.</summary>
    public bool Accepts(CacheEntry entry, TimeProvider time)
    {
        var age = entry.Age(time);
        return age < entry.Life && !(age > MaxAge);
    }
}
