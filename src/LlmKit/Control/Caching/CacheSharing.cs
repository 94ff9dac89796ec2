namespace LlmKit;

/// <summary>Who may be served an answer that the cache holds.</summary>
public enum CacheSharing
{
    /// <summary>Only the user whose call made it, within the tenant. Calls without a user share within their tenant. The default.</summary>
    User = 0,

    /// <summary>Every user of the tenant. Only for answers that do not depend on who asks.</summary>
    Tenant,

    /// <summary>Everybody, across tenants. Only for public knowledge: who shares a cache can probe it for what others asked.</summary>
    Everyone,
}
