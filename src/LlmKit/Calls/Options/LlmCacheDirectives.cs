namespace LlmKit;

/// <summary>What one call asks of the cache.</summary>
[Flags]
public enum LlmCacheDirectives
{
    /// <summary>The cache's own policy. The default.</summary>
    None = 0,

    /// <summary>Never answer this call from the cache; a fresh answer is still stored.</summary>
    NoRead = 1,

    /// <summary>Never store this call's answer; a stored one may still be served.</summary>
    NoWrite = 2,

    /// <summary>Neither read nor write.</summary>
    Bypass = NoRead | NoWrite,
}
