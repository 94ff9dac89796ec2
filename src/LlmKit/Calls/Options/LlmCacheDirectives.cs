namespace LlmKit;

/// <summary>What one call asks of the cache.</summary>
[Flags]
public enum LlmCacheDirectives
{
    /// <summary>The cache's own policy. The default.</summary>
    None = 0,

    /// <summary>Never answer this call from the cache, nor with the answer that an equal call is waiting for; a fresh answer is still stored.</summary>
    NoRead = 1,

    /// <summary>Ask a model, and let its answer take the place of the stored one: another name for <see cref="NoRead"/>.</summary>
    Refresh = NoRead,

    /// <summary>Never store this call's answer; a stored one may still be served.</summary>
    NoWrite = 2,

    /// <summary>Neither read nor write.</summary>
    Bypass = NoRead | NoWrite,
}
