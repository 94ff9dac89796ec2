using LlmKit.Calls;

namespace LlmKit.Control.Guardrails;

/// <summary>The policies of a pipeline: the common one, and those of tenants and features.</summary>
internal sealed class GuardrailPolicies
{
    private readonly GuardrailPolicy _common;
    private readonly Dictionary<string, GuardrailPolicy> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GuardrailPolicy> _features = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string Feature), GuardrailPolicy> _both = [];

    private readonly bool _refusesUnnamed;

    private GuardrailPolicies(GuardrailOptions options, List<string> failures)
    {
        if (GuardrailOptionsValidator.IsEmpty(options))
            failures.Add("The guardrails have no rule. Add one, such as UseGuardrails(g => g.RedactPersonalData().RedactSecrets()).");
        if (!Enum.IsDefined(options.MissingIdentity))
            failures.Add($"GuardrailOptions.MissingIdentity is '{options.MissingIdentity}', which is unknown. Use a value of MissingIdentity.");
        _refusesUnnamed = options.Tenants.Count > 0 && options.MissingIdentity == MissingIdentity.Refuse;
        _common = PolicyOf(options, "", failures);
        foreach (var tenant in options.Tenants.Keys)
            _tenants[tenant] = PolicyOf(options.For(tenant, null), $" of the tenant '{tenant}'", failures);
        foreach (var feature in options.Features.Keys)
            _features[feature] = PolicyOf(options.For(null, feature), $" of the feature '{feature}'", failures);
        // What is wrong with one is wrong with all its pairs: it is said once.
        if (failures.Count == 0)
            AddPairs(options, failures);
    }

    public static GuardrailPolicies Compile(GuardrailOptions options, List<string> failures) => new(options, failures);

    /// <summary>Gives the policy of a call: the feature's rules are laid over the common ones, the tenant's over both.</summary>
    /// <exception cref="MissingIdentityException">Tenants have rules of their own, and the call does not say whose it is.</exception>
    public GuardrailPolicy For(LlmCall call)
    {
        if (_tenants.Count == 0 && _features.Count == 0)
            return _common;
        if (call.Tenant is null && _refusesUnnamed)
            throw new MissingIdentityException(RefusalReason.Gate, "Tenants have guardrails of their own, and the call does not say whose it is. Set LlmCallOptions.Tenant, or GuardrailOptions.MissingIdentity to Skip so that the common rules hold.");
        var tenant = call.Tenant is { } t ? _tenants.GetValueOrDefault(t) : null;
        var feature = call.Feature is { } f ? _features.GetValueOrDefault(f) : null;
        if (tenant is null || feature is null)
            return tenant ?? feature ?? _common;
        return _both[(call.Tenant!, call.Feature!)];
    }

    /// <summary>Rules read the configuration when they are laid over others: now, and not when it may say something else.</summary>
    private void AddPairs(GuardrailOptions options, List<string> failures)
    {
        foreach (var tenant in options.Tenants.Keys)
        {
            foreach (var feature in options.Features.Keys)
                _both[(tenant, feature)] = PolicyOf(options.For(tenant, feature), $" of the tenant '{tenant}' in the feature '{feature}'", failures);
        }
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
