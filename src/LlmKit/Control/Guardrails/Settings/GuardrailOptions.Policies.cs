namespace LlmKit;

public sealed partial class GuardrailOptions
{
    internal Dictionary<string, List<Action<GuardrailOptions>>> Tenants { get; private set; } = new(StringComparer.Ordinal);

    internal Dictionary<string, List<Action<GuardrailOptions>>> Features { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Sets other rules for one tenant: they start from the common ones, and may add to them, change settings, or begin anew with <see cref="Clear"/>.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="configure">Sets the rules.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions ForTenant(string tenant, Action<GuardrailOptions> configure) => Add(Tenants, tenant, configure);

    /// <summary>Sets other rules for one feature, see <see cref="ForTenant"/>. A tenant's rules are laid over a feature's.</summary>
    /// <param name="feature">The call site.</param>
    /// <param name="configure">Sets the rules.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions ForFeature(string feature, Action<GuardrailOptions> configure) => Add(Features, feature, configure);

    /// <summary>Removes all rules; settings stay.</summary>
    /// <returns>These options.</returns>
    public GuardrailOptions Clear()
    {
        if (IsTrialOf(nameof(Clear)))
            return this;
        Rules.Clear();
        Injections.Clear();
        Guards.Clear();
        Topics.Clear();
        Bindings.Clear();
        (DeniedTerms, Format, Tools, SpotlightsBy, Leak) = ([], null, null, null, null);
        (TriedTerms, TriedTools) = ([], null);
        (MostRequestLength, MostAnswerLength, MostRepetition) = (null, null, null);
        return this;
    }

    /// <summary>Gives the rules of a tenant and a feature: a copy of these with theirs laid over.</summary>
    internal GuardrailOptions For(string? tenant, string? feature)
    {
        var copy = Copy();
        foreach (var configure in feature is null ? [] : Features[feature])
            configure(copy);
        foreach (var configure in tenant is null ? [] : Tenants[tenant])
            configure(copy);
        return copy;
    }

    private GuardrailOptions Copy()
    {
        var copy = (GuardrailOptions)MemberwiseClone();
        (copy.Rules, copy.Injections, copy.Topics) = ([.. Rules], [.. Injections], [.. Topics]);
        (copy.Guards, copy.Bindings) = ([.. Guards], [.. Bindings]);
        (copy.Tools, copy.TriedTools, copy.Untriable) = (Tools?.Copy(), TriedTools?.Copy(), []);
        // A policy of a policy would never be asked for.
        (copy.Tenants, copy.Features) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        return copy;
    }

    private GuardrailOptions Add(Dictionary<string, List<Action<GuardrailOptions>>> all, string name, Action<GuardrailOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (!all.TryGetValue(name, out var own))
            all[name] = own = [];
        own.Add(_observed ? options => options.Observed(configure) : configure);
        return this;
    }
}
