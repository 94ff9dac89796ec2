namespace LlmKit;

/// <summary>What shares the room under a rate limit.</summary>
public enum RateLimitScope
{
    /// <summary>All calls.</summary>
    Global = 0,

    /// <summary>The calls for one tenant.</summary>
    Tenant,

    /// <summary>The calls for one user of a tenant.</summary>
    User,

    /// <summary>The calls of one feature.</summary>
    Feature,

    /// <summary>The calls with one value of a tag.</summary>
    Tag,

    /// <summary>The attempts on one model; set by <see cref="ModelOptions.Limits"/>.</summary>
    Model,
}
