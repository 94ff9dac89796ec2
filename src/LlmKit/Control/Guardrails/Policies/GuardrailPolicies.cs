using System.Collections.Concurrent;
using LlmKit.Calls;

namespace LlmKit.Control.Guardrails;

/// <summary>The policies of a pipeline: the common one, and those of tenants and features.</summary>
internal sealed class GuardrailPolicies
{
    private readonly GuardrailOptions _options;
    private readonly GuardrailPolicy _common;
    private readonly Dictionary<string, GuardrailPolicy> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GuardrailPolicy> _features = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Feature), GuardrailPolicy> _both = [];

    private GuardrailPolicies(GuardrailOptions options, List<string> failures)
    {
        _options = options;
        if (GuardrailOptionsValidator.IsEmpty(options))
            failures.Add("The guardrails have no rule. Add one, such as UseGuardrails(g => g.RedactPersonalData().RedactSecrets()).");
        _common = PolicyOf(options, "", failures);
        foreach (var tenant in options.Tenants.Keys)
            _tenants[tenant] = PolicyOf(options.For(tenant, null), $" of the tenant '{tenant}'", failures);
        foreach (var feature in options.Features.Keys)
            _features[feature] = PolicyOf(options.For(null, feature), $" of the feature '{feature}'", failures);
    }

    public static GuardrailPolicies Compile(GuardrailOptions options, List<string> failures) => new(options, failures);

    /// <summary>Gives the policy of a call: the feature's rules are laid over the common ones, the tenant's over both.</summary>
    public GuardrailPolicy For(LlmCall call)
    {
        if (_tenants.Count == 0 && _features.Count == 0)
            return _common;
        var tenant = call.Tenant is { } t ? _tenants.GetValueOrDefault(t) : null;
        var feature = call.Feature is { } f ? _features.GetValueOrDefault(f) : null;
        if (tenant is null || feature is null)
            return tenant ?? feature ?? _common;
        return _both.GetOrAdd((call.Tenant!, call.Feature!), static (key, all) => new(all._options.For(key.Tenant, key.Feature), []), this);
    }

    private static GuardrailPolicy PolicyOf(GuardrailOptions options, string whose, List<string> failures)
    {
        List<string> own = [];
        GuardrailOptionsValidator.Check(options, own);
        var policy = new GuardrailPolicy(own.Count > 0 ? new() : options, own);
        failures.AddRange(own.Select(failure => whose.Length == 0 ? failure : $"The guardrails{whose}: {failure}"));
        return policy;
    }
}
