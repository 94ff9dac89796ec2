using System.Collections.Frozen;
using LlmKit.Calls;
using LlmKit.Internal.Keys;
using LlmKit.Models;

namespace LlmKit.Control.Variability;

/// <summary>The declarations of all features, prepared once for a snapshot.</summary>
internal sealed class VariabilityPlan : IRoutePlan
{
    private readonly FeatureVariability _default;
    private readonly FrozenDictionary<string, FeatureVariability> _features;
    private readonly FrozenDictionary<string, ReproducibleFeature> _pins;
    private readonly string? _only;
    private readonly string? _version;

    private VariabilityPlan(VariabilityOptions options, IReadOnlyList<string> models)
    {
        _default = options.Default;
        _features = options.Features.ToFrozenDictionary();
        _pins = options.Pins.ToFrozenDictionary();
        _only = models.Count == 1 ? models[0] : null;
        _version = options.Version;
        Observe = options.Observe;
    }

    public bool Observe { get; }

    public static VariabilityPlan Compile(VariabilityOptions options, IReadOnlyList<string> models, List<string> failures)
    {
        var before = failures.Count;
        if (options.Default is null)
            failures.Add("VariabilityOptions.Default is null. Set it to FeatureVariability.Free.");
        options.Default?.Validate("(default)", models, failures);
        foreach (var (feature, declared) in options.Features.Concat(options.Pins.Select(pin => KeyValuePair.Create(pin.Key, (FeatureVariability)pin.Value))))
            declared.Validate(feature, models, failures);
        return new(failures.Count > before ? new() : options, models);
    }

    /// <summary>Gives what is declared for a feature.</summary>
    public FeatureVariability RuleOf(string? feature) => feature is not null && _features.TryGetValue(feature, out var declared) ? declared : _default;

    /// <summary>Gives what takes the place of the declaration of a feature whose tolerance was exceeded; <see langword="null"/> for nothing.</summary>
    public ReproducibleFeature? PinOf(string? feature) => feature is null ? null : _pins.GetValueOrDefault(feature);

    /// <summary>Gives the model that answers for a feature; <see langword="null"/> for a stage that stands alone and knows none.</summary>
    public string? ModelOf(ReproducibleFeature declared) => declared.Model ?? _only;

    /// <summary>Checks what only the whole pipeline can tell: that a cache keeps what is to be reproduced, and that its models have fixed versions.</summary>
    public void CheckAmong(bool hasCache, IReadOnlyList<Model> models, List<string> failures)
    {
        foreach (var (feature, declared) in _features.Append(new("(default)", _default)).Concat(_pins.Select(pin => KeyValuePair.Create(pin.Key, (FeatureVariability)pin.Value))))
        {
            if (declared is not ReproducibleFeature reproducible)
                continue;
            if (!hasCache)
                failures.Add($"The feature '{feature}' is to be reproducible, but no cache stands outside UseVariability to give an answer again. Add UseSemanticCache before it.");
            if (models.FirstOrDefault(model => model.Name == ModelOf(reproducible)) is { } model && IsAlias(reproducible, model) && !reproducible.AllowAlias)
                failures.Add($"The feature '{feature}' is to be reproducible, but its model '{model.Name}' is asked for by '{model.ModelId ?? "no id"}', which names no fixed version. Set the model's id to a dated one, list it in ReproducibleFeature.FixedVersions, or set AllowAlias.");
        }
    }

    public static bool IsAlias(ReproducibleFeature declared, Model model) =>
        model.ModelId is not { } id || !(ModelVersion.IsFixed(id) || declared.FixedVersions.Contains(id));

    /// <inheritdoc/>
    public void WriteRoute(KeyWriter key, CallIdentity identity)
    {
        if (RuleOf(identity.Feature) is var declared && declared == FeatureVariability.Free)
            return;
        key.Text(_version);
        declared.WriteKey(key);
    }
}
