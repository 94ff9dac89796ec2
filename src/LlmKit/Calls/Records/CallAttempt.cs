using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>One request to one model, with what it used and cost. Numbers are copies: nothing outside can change them.</summary>
public sealed record CallAttempt
{
    // The price, or the version alone where an attempt is made up: one place for both, because every call has some.
    private readonly object? _price;

    /// <summary>Gets the registered model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the provider's name, as telemetry knows it.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets what the attempt was for when it was not the answer itself, such as <c>judge</c> or <c>embedding</c>.</summary>
    public string? Purpose { get; init; }

    /// <summary>Gets when it was sent, counted from the start of the call.</summary>
    public TimeSpan Started { get; init; }

    /// <summary>Gets how long it took until its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets when its first content came, counted from its start; <see langword="null"/> when none came or it was not a stream.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Gets why it failed; <see langword="null"/> when it gave an answer.</summary>
    public ModelFailure? Failure { get; init; }

    /// <summary>Gets the tokens used.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Gets whether the tokens were estimated because the provider reported none.</summary>
    public bool Estimated { get; init; }

    /// <summary>Gets the cost in USD; 0 for a model without a price, see <see cref="Priced"/>.</summary>
    public decimal Cost
    {
        get => Spent.ToUsd();
        init => Spent = Money.FromUsd(value);
    }

    /// <summary>Gets whether the model had a price.</summary>
    public bool Priced { get; init; }

    /// <summary>Gets whether the cost was reckoned at the price that the pipeline declares for models without one, see <see cref="LlmPipelineBuilder.WithFallbackPrice"/>.</summary>
    public bool FallbackPriced { get; init; }

    /// <summary>Gets the version of the price by which the cost was reckoned, see <see cref="ModelPrice.Version"/>; <see langword="null"/> for a model without one.</summary>
    public string? PriceVersion
    {
        get => Price?.Version ?? _price as string;
        init => _price = value;
    }

    /// <summary>Gets the price by which the cost was reckoned; <see langword="null"/> where it is not known any more.</summary>
    internal ModelPrice? Price
    {
        get => _price as ModelPrice;
        init => _price = value;
    }

    internal Money Spent { get; init; }
}
