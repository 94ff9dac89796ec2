using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Finds for whom a call is: the options, their additional properties, the ambient scope, the pipeline's delegate, in this order.</summary>
internal static class IdentityResolver
{
    public const string Prefix = "llmkit.";
    private const string TenantKey = Prefix + "tenant";
    private const string UserKey = Prefix + "user";
    private const string FeatureKey = Prefix + "feature";

    public static CallIdentity Resolve(LlmCallOptions? options, AdditionalPropertiesDictionary? properties, LlmScope? scope, Func<CallIdentity>? fallback)
    {
        var identity = options is null ? default : new CallIdentity(options.Tenant, options.User, options.Feature);
        if (!identity.IsComplete && properties is { Count: > 0 })
            identity = identity.Or(new(Text(properties, TenantKey), Text(properties, UserKey), Text(properties, FeatureKey)));
        if (!identity.IsComplete && scope is not null)
            identity = identity.Or(scope.Identity);
        if (!identity.IsComplete && fallback is not null)
            identity = identity.Or(fallback());
        return new(NullIfBlank(identity.Tenant), NullIfBlank(identity.User), NullIfBlank(identity.Feature));
    }

    private static string? Text(AdditionalPropertiesDictionary properties, string key) =>
        properties.TryGetValue(key, out var value) ? value as string : null;

    // Nearly every name begins with a letter or a digit, which says at once that it is not blank.
    private static string? NullIfBlank(string? text) =>
        text is { Length: > 0 } && char.IsAsciiLetterOrDigit(text[0]) ? text : string.IsNullOrWhiteSpace(text) ? null : text;
}
