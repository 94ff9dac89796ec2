namespace LlmKit.Calls;

/// <summary>For whom a call is made.</summary>
/// <param name="Tenant">The customer organisation.</param>
/// <param name="User">The person or account.</param>
/// <param name="Feature">The call site.</param>
public readonly record struct CallIdentity(string? Tenant, string? User, string? Feature)
{
    // Stands between a tenant's name and a user's: no name holds it.
    private const char Separator = '\u001f';

    /// <summary>Gets what tells the user from others: one name in two tenants is two users. <see langword="null"/> for no user.</summary>
    internal string? UserKey => User is null ? null : KeyOf(Tenant, User);

    internal bool IsComplete => Tenant is not null && User is not null && Feature is not null;

    /// <summary>Fills what is missing here from another identity.</summary>
    internal CallIdentity Or(in CallIdentity other) => new(Tenant ?? other.Tenant, User ?? other.User, Feature ?? other.Feature);

    /// <summary>Gives the key of a user who is written as <c>tenant/user</c> in settings.</summary>
    internal static string UserKeyOf(string written) => written.Split('/', 2) is [var tenant, var user] ? KeyOf(tenant, user) : written;

    /// <summary>Gives a user's key as settings and reports write it; any other name as it is.</summary>
    internal static string Written(string key) => key.Replace(Separator, '/');

    /// <summary>Whether a user's key is one of a tenant's.</summary>
    internal static bool IsOf(string? tenant, string userKey) => userKey.StartsWith(tenant + Separator, StringComparison.Ordinal);

    private static string KeyOf(string? tenant, string user) => $"{tenant}{Separator}{user}";
}
