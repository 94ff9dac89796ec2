using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>Reads one model's facts for a snapshot: its options anew, what its client says of itself once.</summary>
internal sealed class ModelFacts(Func<List<string>, ModelOptions> options, string name, string? provider, string? clientModelId)
{
    // What was learnt of a model outlives reloads, as long as it is the same model.
    private (string? ModelId, TokenCalibration Calibration) _learnt;

    /// <summary>Gets whether the model is a pipeline: it joins the call, and its own models meter and limit it.</summary>
    public bool IsPipeline { get; init; }

    /// <summary>Gets where attempts on the model are noted; <see langword="null"/> for a pipeline, and for a model of embeddings.</summary>
    public RecentAttempts? Attempts { get; init; }

    /// <summary>Gets the registered name.</summary>
    public string Name => name;

    public object Read(ModelCatalogue catalogue, ModelPrice? fallback, List<string> failures)
    {
        var before = failures.Count;
        var read = options(failures);
        var entry = catalogue.Find(read.CatalogueId ?? read.ModelId ?? clientModelId);
        if (read.CatalogueId is { } id && entry is null)
            failures.Add($"The catalogue does not know '{id}', given for the model '{name}'. Correct ModelOptions.CatalogueId or add the entry to a catalogue file.");
        if (IsPipeline && !read.Limits.LimitsNothing)
            failures.Add($"The model '{name}' is a pipeline, so its ModelOptions.Limits would limit nothing. Limit the models of that pipeline.");
        // A snapshot with failures is thrown away, so nothing needs to be made of what failed.
        return failures.Count > before ? this : new Model(name, read, entry, provider, clientModelId, fallback, CalibrationOf(read.ModelId ?? clientModelId), Attempts);
    }

    private TokenCalibration CalibrationOf(string? modelId)
    {
        if (_learnt.Calibration is null || _learnt.ModelId != modelId)
            _learnt = (modelId, new());
        return _learnt.Calibration;
    }
}
