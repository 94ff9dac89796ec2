namespace LlmKit.Simulator.Metering;

/// <summary>The provider's bill at one moment. Immutable.</summary>
public sealed class MeterSnapshot
{
    internal MeterSnapshot(IReadOnlyDictionary<string, ModelUsage> models) => Models = models;

    /// <summary>The bill by model; a model without a billed request is not in it.</summary>
    public IReadOnlyDictionary<string, ModelUsage> Models { get; }

    /// <summary>The sum over all models.</summary>
    public ModelUsage Total => Models.Values.Aggregate(default(ModelUsage), (sum, usage) => sum + usage);

    /// <summary>Gives one model's bill.</summary>
    /// <param name="model">The model or deployment, as the request named it.</param>
    /// <returns>The bill; zeros if nothing was billed.</returns>
    public ModelUsage Of(string model) => Models.GetValueOrDefault(model);

    /// <summary>Gives what everything cost.</summary>
    /// <param name="prices">The prices of a model.</param>
    /// <returns>USD, not rounded.</returns>
    public decimal Cost(Func<string, TokenPrices> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        return Models.Sum(model => prices(model.Key).CostOf(model.Value.Tokens));
    }
}
