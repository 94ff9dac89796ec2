using LlmKit.Internal.Keys;
using LlmKit.Models;

namespace LlmKit;

/// <summary>Equal requests of the feature are to get equal answers: from the cache, and from one model of a fixed version with as little chance as it lets us set.</summary>
/// <remarks>
/// What holds: an answer that the cache has is given again, byte for byte, as long as it is kept; no other model ever answers. What does not: a
/// new answer to an old question may differ all the same, for temperature 0 and a seed bind no provider (batches, hardware and versions differ).
/// The call's steps say so, and what each model was sent. Settings: change them only while the pipeline is being configured.
/// </remarks>
public sealed class ReproducibleFeature : FeatureVariability
{
    /// <summary>Gets or sets the registered model that answers, and no other.</summary>
    /// <value><see langword="null"/> by default: the pipeline's only model; with several, name one.</value>
    public string? Model { get; set; }

    /// <summary>Gets or sets the temperature that is sent in place of the caller's.</summary>
    /// <value>0 by default; a model that takes none (<see cref="ModelOptions.SamplingParameters"/>) is sent none. <see langword="null"/> sends the caller's, whatever the model takes.</value>
    public float? Temperature { get; set; } = 0;

    /// <summary>Gets or sets the seed that is sent in place of the caller's.</summary>
    /// <value>0 by default; a model that takes none is sent none. <see langword="null"/> sends the caller's, whatever the model takes.</value>
    public long? Seed { get; set; } = 0;

    /// <summary>Gets or sets ids of providers' models that name one fixed version although no date stands in them.</summary>
    /// <value>Empty by default. An id with a date in it (<c>-2024-08-06</c>, <c>-20241022</c>, <c>-0613</c>) counts as fixed; any other is an alias, which the provider may point elsewhere, and is refused.</value>
    public IReadOnlyList<string> FixedVersions { get; set; } = [];

    /// <summary>Gets or sets whether a model may be asked by an alias; the step of each call then says so.</summary>
    /// <value><see langword="false"/> by default: the pipeline is not built.</value>
    public bool AllowAlias { get; set; }

    /// <summary>Gets what is sent in place of the caller's.</summary>
    internal SamplingParameters Sampling =>
        (Temperature is null ? SamplingParameters.None : SamplingParameters.Temperature) | (Seed is null ? SamplingParameters.None : SamplingParameters.Seed);

    internal ReproducibleFeature Copy() => (ReproducibleFeature)MemberwiseClone();

    internal override string Word => "reproducible";

    internal override void Validate(string feature, IReadOnlyList<string> models, List<string> failures)
    {
        if (Model is null && models.Count > 1)
            failures.Add($"The feature '{feature}' is to be reproducible, but which of {models.Count} models answers is open. Set ReproducibleFeature.Model to a registered name.");
        if (Model is not null && !models.Contains(Model))
            failures.Add($"The feature '{feature}' is to be reproducible with the model '{Model}', which is not registered. Set ReproducibleFeature.Model to a registered name.");
        if (Temperature is { } temperature && !(temperature >= 0 && float.IsFinite(temperature)))
            failures.Add($"The temperature '{temperature}' of the feature '{feature}' is not 0 or above. Set ReproducibleFeature.Temperature to 0.");
    }

    internal override void WriteKey(KeyWriter key)
    {
        base.WriteKey(key);
        key.Text(Model);
        key.Number(Temperature);
        key.Number(Seed);
    }
}
