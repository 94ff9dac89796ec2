namespace LlmKit;

/// <summary>How one account of a limit stands, how fast it goes and when it will run out.</summary>
/// <remarks>Immutable. For those who run the service: it shows what all who share the account have spent.</remarks>
public sealed record BudgetForecast
{
    /// <summary>Gets the limit's name.</summary>
    public required string Limit { get; init; }

    /// <summary>Gets what shares the limit.</summary>
    public required BudgetScope Scope { get; init; }

    /// <summary>Gets whose account it is: the tenant, <c>tenant/user</c>, the feature, the tag's value, the model, the provider, the interaction; empty for a limit for all and for calls that do not say whose they are.</summary>
    public required string Value { get; init; }

    /// <summary>Gets the time over which the limit counts.</summary>
    public required BudgetWindow Window { get; init; }

    /// <summary>Gets when the window began; <see langword="null"/> for a limit for ever. A rolling window begins its length ago.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets when the next window begins; <see langword="null"/> for a limit for ever and a rolling one.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Gets the moment of the forecast.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets whether the limit refuses; otherwise it only records.</summary>
    public required bool IsEnforced { get; init; }

    /// <summary>Gets the money, in USD; <see langword="null"/> for a limit on tokens only.</summary>
    public BudgetProjection? Money { get; init; }

    /// <summary>Gets the tokens; <see langword="null"/> for a limit on money only.</summary>
    public BudgetProjection? Tokens { get; init; }

    /// <summary>Gets the greater of the parts of money and tokens that are spent or reserved.</summary>
    public double Share => Math.Max(Money?.Share ?? 0, Tokens?.Share ?? 0);

    /// <summary>Gets when money or tokens run out, whichever is first; <see langword="null"/> when neither does before the window ends.</summary>
    public DateTimeOffset? ExhaustedAt => Money?.ExhaustedAt is { } money && !(Tokens?.ExhaustedAt < money) ? money : Tokens?.ExhaustedAt;
}
