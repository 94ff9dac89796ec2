namespace LlmKit.Models;

/// <summary>One registered model with its facts. Immutable.</summary>
public sealed class Model
{
    internal const int DefaultMaxOutputTokens = 4_096;

    internal Model(string name, ModelOptions options, CatalogueEntry? entry, string? provider, string? clientModelId, ModelPrice? fallback = null, TokenCalibration? calibration = null, RecentAttempts? attempts = null)
    {
        Name = name;
        Provider = provider ?? entry?.Provider;
        ModelId = options.ModelId ?? clientModelId;
        CatalogueId = options.CatalogueId ?? entry?.Id;
        Price = options.InputPerMillion is { } input && options.OutputPerMillion is { } output
            ? new(input, output, options.CachedInputPerMillion)
            : options.Price ?? entry?.Price;
        if (Price is null && fallback is not null)
            (Price, HasFallbackPrice) = (fallback, true);
        ContextWindow = options.ContextWindow ?? entry?.ContextWindow;
        MaxOutputTokens = options.MaxOutputTokens ?? entry?.MaxOutputTokens;
        Capabilities = options.Capabilities ?? entry?.Capabilities ?? ModelCapabilities.All;
        SamplingParameters = options.SamplingParameters ?? SamplingRules.Find(CatalogueId) ?? SamplingRules.Find(ModelId) ?? SamplingParameters.All;
        Region = options.Region;
        RequireFinishReason = options.RequireFinishReason;
        ClassifyFailure = options.ClassifyFailure;
        Limit = ModelRateLimit.From(options.Limits, name);
        TokenCounter = options.TokenCounter;
        ImageTokens = options.ImageTokens ?? ImageTokenRule.Find(CatalogueId ?? ModelId);
        Calibration = calibration ?? new();
        Attempts = attempts;
    }

    /// <summary>Gets the name under which the model is registered.</summary>
    public string Name { get; }

    /// <summary>Gets the provider's name, as telemetry knows it.</summary>
    public string? Provider { get; }

    /// <summary>Gets the id that the provider knows.</summary>
    public string? ModelId { get; }

    /// <summary>Gets the id in the catalogue, or <see langword="null"/> when the catalogue does not know the model.</summary>
    public string? CatalogueId { get; }

    /// <summary>Gets the price, or <see langword="null"/> when none is known.</summary>
    public ModelPrice? Price { get; }

    /// <summary>Gets whether the price is the one that the pipeline declares for models without a price of their own, see <see cref="LlmPipelineBuilder.WithFallbackPrice"/>.</summary>
    public bool HasFallbackPrice { get; }

    /// <summary>Gets the tokens that prompt and answer may have together, or <see langword="null"/> when it is not known.</summary>
    public int? ContextWindow { get; }

    /// <summary>Gets the most tokens that one answer may have, or <see langword="null"/> when it is not known.</summary>
    public int? MaxOutputTokens { get; }

    /// <summary>Gets what the model can take and give.</summary>
    public ModelCapabilities Capabilities { get; }

    /// <summary>Gets what the model takes of temperature and seed. It is no gate: it says what to send, and not whom to ask.</summary>
    public SamplingParameters SamplingParameters { get; }

    /// <summary>Gets where the model runs, or <see langword="null"/> when it is not known.</summary>
    public string? Region { get; }

    internal bool RequireFinishReason { get; }

    internal Func<Exception, ModelFailure?>? ClassifyFailure { get; }

    /// <summary>Gets what the provider lets pass; <see langword="null"/> when nothing is limited.</summary>
    internal ModelRateLimit? Limit { get; }

    /// <summary>Gets the exact tokenizer, or <see langword="null"/> when tokens are estimated.</summary>
    internal ITokenCounter? TokenCounter { get; }

    /// <summary>Gets what an image costs, or <see langword="null"/> when no rule is known.</summary>
    internal ImageTokenRule? ImageTokens { get; }

    /// <summary>Gets what is learnt about the model's tokenizer.</summary>
    internal TokenCalibration Calibration { get; }

    /// <summary>Gets what its door notes of attempts on it; <see langword="null"/> for a model that no pipeline registered.</summary>
    internal RecentAttempts? Attempts { get; }

    /// <summary>Whether a name means this model: its registered name or the provider's id.</summary>
    internal bool Answers(string name) =>
        string.Equals(name, Name, StringComparison.Ordinal) || string.Equals(name, ModelId, StringComparison.Ordinal);
}
