using System.Globalization;
using LlmKit.Models;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>The facts of one registered model. What is left unset comes from the catalogue, when it knows the model.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Models:&lt;name&gt;</c>; configuration wins over code.</remarks>
public class ModelOptions
{
    private const decimal DearestPerMillion = 1_000_000;

    // The cost of the largest usage at this price is still exact as a decimal.
    private const decimal MostExpressible = 1_000_000_000;

    /// <summary>Gets or sets the id that the provider knows: a model or a deployment.</summary>
    /// <value><see langword="null"/> leaves it to the client.</value>
    public string? ModelId { get; set; }

    /// <summary>Gets or sets the model's id in the catalogue, for deployments whose name is not the model's.</summary>
    /// <value><see langword="null"/> by default: <see cref="ModelId"/> is looked up.</value>
    public string? CatalogueId { get; set; }

    /// <summary>Gets or sets the price. Nothing is free by accident: a model without a price is refused where a limit on money applies.</summary>
    /// <value><see langword="null"/> by default: the catalogue's.</value>
    public ModelPrice? Price { get; set; }

    /// <summary>Gets or sets USD per million input tokens, for configuration files. With <see cref="OutputPerMillion"/> it takes the place of <see cref="Price"/>.</summary>
    public decimal? InputPerMillion { get; set; }

    /// <summary>Gets or sets USD per million output tokens, for configuration files.</summary>
    public decimal? OutputPerMillion { get; set; }

    /// <summary>Gets or sets USD per million cached input tokens, for configuration files.</summary>
    public decimal? CachedInputPerMillion { get; set; }

    /// <summary>Gets or sets the tokens that prompt and answer may have together.</summary>
    /// <value>Above 0; <see langword="null"/> by default: the catalogue's, else no gate.</value>
    public int? ContextWindow { get; set; }

    /// <summary>Gets or sets the most tokens that one answer may have.</summary>
    /// <value>Above 0; <see langword="null"/> by default: the catalogue's, else no bound but the default of 4,096 where a call sets none.</value>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Gets or sets what the model can take and give.</summary>
    /// <value><see langword="null"/> by default: the catalogue's, else everything.</value>
    public ModelCapabilities? Capabilities { get; set; }

    /// <summary>Gets or sets what the model takes of temperature and seed. A stage that sets them, such as <c>UseVariability</c> or a judge, sends the model no other; what a caller sets is sent as it is.</summary>
    /// <value><see langword="null"/> by default: what is known of <see cref="CatalogueId"/>, else of <see cref="ModelId"/>, such as neither for OpenAI's reasoning models; both for a model that is not known.</value>
    public SamplingParameters? SamplingParameters { get; set; }

    /// <summary>Gets or sets where the model runs, such as <c>eu</c>.</summary>
    /// <value><see langword="null"/> by default: unknown, so a call that is bound to regions may not use it.</value>
    public string? Region { get; set; }

    /// <summary>Gets or sets whether a stream must end with a finish reason to count as whole.</summary>
    /// <value><see langword="true"/> by default: a stream without one ends with a <see cref="TruncatedAnswerException"/>. Turn it off for servers that never send one.</value>
    public bool RequireFinishReason { get; set; } = true;

    /// <summary>Gets or sets the exact tokenizer of the model, which takes the place of the estimates.</summary>
    /// <value><see langword="null"/> by default: tokens are estimated, and the estimates corrected from the usage that the provider reports.</value>
    public ITokenCounter? TokenCounter { get; set; }

    /// <summary>Gets or sets what an image costs in tokens, for models that the library does not know.</summary>
    /// <value><see langword="null"/> by default: the published rule of the model, found by its id; the dearest of the usual rules for an unknown one.</value>
    public ImageTokenRule? ImageTokens { get; set; }

    /// <summary>Gets or sets how to recognise this provider's failures; tried before the built-in classification.</summary>
    /// <value>Returns <see langword="null"/> for what it does not recognise; one that throws is logged and has not recognised it either. Several that were
    /// combined are asked in turn. A <see cref="ModelFailure.RetryAfter"/> outside 0 to 30 days is dropped. <see langword="null"/> by default.</value>
    public Func<Exception, ModelFailure?>? ClassifyFailure { get; set; }

    /// <summary>Gets what the provider lets pass to the model.</summary>
    /// <value>Nothing is limited by default.</value>
    public ModelLimits Limits { get; } = new();

    /// <summary>Lays a configuration section over the settings. A provider's options override it and call the base.</summary>
    /// <param name="section">The section <c>LlmKit:&lt;pipeline&gt;:Models:&lt;name&gt;</c>.</param>
    /// <exception cref="FormatException">A value is not of its kind.</exception>
    protected internal virtual void Bind(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        ModelId = section[nameof(ModelId)] ?? ModelId;
        CatalogueId = section[nameof(CatalogueId)] ?? CatalogueId;
        InputPerMillion = Number(section, nameof(InputPerMillion)) ?? InputPerMillion;
        OutputPerMillion = Number(section, nameof(OutputPerMillion)) ?? OutputPerMillion;
        CachedInputPerMillion = Number(section, nameof(CachedInputPerMillion)) ?? CachedInputPerMillion;
        ContextWindow = Integer(section, nameof(ContextWindow)) ?? ContextWindow;
        MaxOutputTokens = Integer(section, nameof(MaxOutputTokens)) ?? MaxOutputTokens;
        Region = section[nameof(Region)] ?? Region;
        if (section[nameof(Capabilities)] is { } capabilities)
            Capabilities = Enum.Parse<ModelCapabilities>(capabilities, ignoreCase: true);
        if (section[nameof(SamplingParameters)] is { } sampling)
            SamplingParameters = Enum.Parse<SamplingParameters>(sampling, ignoreCase: true);
        if (section[nameof(RequireFinishReason)] is { } required)
            RequireFinishReason = bool.Parse(required);
        Limits.Bind(section.GetSection(nameof(Limits)));
    }

    internal void Validate(string model, List<string> failures)
    {
        if (ContextWindow <= 0)
            failures.Add($"The context window '{ContextWindow}' of the model '{model}' is not above 0. Set ModelOptions.ContextWindow to a number of tokens.");
        if (MaxOutputTokens <= 0)
            failures.Add($"The output limit '{MaxOutputTokens}' of the model '{model}' is not above 0. Set ModelOptions.MaxOutputTokens to a number of tokens.");
        foreach (var price in Prices().Where(price => price < 0))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The price '{price}' of the model '{model}' is negative. Give USD per million tokens, 0 for a free model."));
        if (InputPerMillion is null != OutputPerMillion is null)
            failures.Add($"The model '{model}' has only one of InputPerMillion and OutputPerMillion. Give both, in USD per million tokens.");
        else if (CachedInputPerMillion is not null && InputPerMillion is null)
            failures.Add($"The model '{model}' has CachedInputPerMillion without InputPerMillion and OutputPerMillion. Give all three, in USD per million tokens.");
        foreach (var price in Prices().Where(price => price > DearestPerMillion))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The price '{price}' of the model '{model}' is above {DearestPerMillion} USD per million tokens. Give USD per million tokens."));
        if (Price?.DearestPerMillion is { } dearest and > MostExpressible)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The price '{dearest}' of the model '{model}' is above {MostExpressible} USD per million tokens, beyond which costs cannot be counted. Give USD per million tokens."));
        Limits.Validate(model, failures);
    }

    private IEnumerable<decimal?> Prices() => [InputPerMillion, OutputPerMillion, CachedInputPerMillion];

    // Without thousands separators: a decimal comma would silently make a price a thousand times larger.
    private static decimal? Number(IConfiguration section, string name) => section[name] is not { } text ? null
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"'{name}' is '{text}', not a number.");

    private static int? Integer(IConfiguration section, string name) => section[name] is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"'{name}' is '{text}', not a whole number.");
}
