using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>How much the answers of each feature may vary.</summary>
/// <remarks>
/// Settings: change them only while the pipeline is being configured. Configuration under <c>Variability:Features:&lt;feature&gt;</c> gives
/// <c>Kind</c> (<c>Free</c>, <c>Reproducible</c>, <c>Consistent</c>) and the members of that kind, and is laid over code feature by feature.
/// </remarks>
public sealed class VariabilityOptions
{
    /// <summary>Gets or sets what holds for features that are not named, and for calls without one.</summary>
    /// <value><see cref="FeatureVariability.Free"/> by default.</value>
    public FeatureVariability Default { get; set; } = FeatureVariability.Free;

    /// <summary>Gets or sets what holds for single features.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyDictionary<string, FeatureVariability> Features { get; set; } = new Dictionary<string, FeatureVariability>();

    /// <summary>Gets or sets what takes the place of a feature's declaration once <see cref="LlmVariability"/> has shown that it varies more than <see cref="LlmConstraints.Disagreement"/>.</summary>
    /// <value>Empty by default: an alarm changes nothing.</value>
    public IReadOnlyDictionary<string, ReproducibleFeature> Pins { get; set; } = new Dictionary<string, ReproducibleFeature>();

    /// <summary>Gets or sets whether the stage only records what it would do.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

    /// <summary>Gets or sets the version of these rules. It is part of the key of every kept answer of a feature that is not free.</summary>
    /// <value><see langword="null"/> by default. Raise it when <see cref="ConsistentFeature.Value"/> or <see cref="ConsistentFeature.Format"/> change.</value>
    public string? Version { get; set; }

    /// <summary>Declares that equal requests of a feature are to get equal answers.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="configure">Sets how.</param>
    /// <returns>These options.</returns>
    public VariabilityOptions Reproducible(string feature, Action<ReproducibleFeature>? configure = null)
    {
        var declared = new ReproducibleFeature();
        configure?.Invoke(declared);
        return Declare(feature, declared);
    }

    /// <summary>Declares that the answers of a feature are those that most of several samples agree on.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="configure">Sets how.</param>
    /// <returns>These options.</returns>
    public VariabilityOptions Consistent(string feature, Action<ConsistentFeature>? configure = null)
    {
        var declared = new ConsistentFeature();
        configure?.Invoke(declared);
        return Declare(feature, declared);
    }

    /// <summary>Declares that a feature is pinned once it is shown to vary more than it may, until somebody lets it go.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="configure">Sets to what.</param>
    /// <returns>These options.</returns>
    public VariabilityOptions PinWhenExceeded(string feature, Action<ReproducibleFeature>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        var pin = new ReproducibleFeature();
        configure?.Invoke(pin);
        Pins = new Dictionary<string, ReproducibleFeature>(Pins) { [feature] = pin };
        return this;
    }

    /// <summary>Declares what holds for a feature.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="variability">What holds.</param>
    /// <returns>These options.</returns>
    public VariabilityOptions Declare(string feature, FeatureVariability variability)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        ArgumentNullException.ThrowIfNull(variability);
        Features = new Dictionary<string, FeatureVariability>(Features) { [feature] = variability };
        return this;
    }

    internal void Bind(IConfiguration section)
    {
        Observe = section.GetValue(nameof(Observe), Observe);
        Version = section.GetValue(nameof(Version), Version);
        foreach (var feature in section.GetSection(nameof(Features)).GetChildren())
            Declare(feature.Key, Bound(feature, Features.GetValueOrDefault(feature.Key)));
    }

    private static FeatureVariability Bound(IConfigurationSection section, FeatureVariability? code)
    {
        var kind = section["Kind"] ?? code?.Word ?? throw new InvalidOperationException($"The feature '{section.Key}' has no Kind. Give Free, Reproducible or Consistent.");
        if (string.Equals(kind, FeatureVariability.Free.Word, StringComparison.OrdinalIgnoreCase))
            return FeatureVariability.Free;
        if (string.Equals(kind, "reproducible", StringComparison.OrdinalIgnoreCase))
        {
            var reproducible = (code as ReproducibleFeature)?.Copy() ?? new();
            reproducible.Model = section.GetValue(nameof(reproducible.Model), reproducible.Model);
            reproducible.Temperature = section.GetValue(nameof(reproducible.Temperature), reproducible.Temperature);
            reproducible.Seed = section.GetValue(nameof(reproducible.Seed), reproducible.Seed);
            reproducible.AllowAlias = section.GetValue(nameof(reproducible.AllowAlias), reproducible.AllowAlias);
            if (section.GetSection(nameof(reproducible.FixedVersions)).GetChildren().Select(child => child.Value).OfType<string>().ToList() is { Count: > 0 } versions)
                reproducible.FixedVersions = versions;
            return reproducible;
        }

        if (!string.Equals(kind, "consistent", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"'{kind}' is no kind of variability. Give Free, Reproducible or Consistent.");
        var consistent = (code as ConsistentFeature)?.Copy() ?? new();
        consistent.MostSamples = section.GetValue(nameof(consistent.MostSamples), consistent.MostSamples);
        consistent.EscalateTo = section.GetValue(nameof(consistent.EscalateTo), consistent.EscalateTo);
        consistent.AbstainWith = section.GetValue(nameof(consistent.AbstainWith), consistent.AbstainWith);
        return consistent;
    }
}
