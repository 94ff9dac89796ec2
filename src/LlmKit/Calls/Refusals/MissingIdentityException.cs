namespace LlmKit;

/// <summary>A rule is for each tenant, user, feature or tag, and the call does not say whose it is. Nothing was sent.</summary>
/// <remarks>Thrown where the stage's <see cref="MissingIdentity"/> is <see cref="MissingIdentity.Refuse"/>. The message names the rule.</remarks>
public sealed class MissingIdentityException : AttemptRefusedException
{
    internal MissingIdentityException(RefusalReason reason, string message) : base(reason, model: null, message)
    {
    }
}
