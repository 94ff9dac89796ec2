namespace LlmKit.Calls;

/// <summary>For whom a call is made.</summary>
/// <param name="Tenant">The customer organisation.</param>
/// <param name="User">The person or account.</param>
/// <param name="Feature">The call site.</param>
public readonly record struct CallIdentity(string? Tenant, string? User, string? Feature)
{
    internal bool IsComplete => Tenant is not null && User is not null && Feature is not null;

    /// <summary>Fills what is missing here from another identity.</summary>
    internal CallIdentity Or(in CallIdentity other) => new(Tenant ?? other.Tenant, User ?? other.User, Feature ?? other.Feature);
}
