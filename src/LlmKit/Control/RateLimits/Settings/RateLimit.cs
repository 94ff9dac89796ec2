namespace LlmKit;

/// <summary>One rate limit on calls.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public sealed class RateLimit : RateLimitAmounts
{
    /// <summary>Gets or sets what shares the limit.</summary>
    /// <value><see cref="RateLimitScope.Global"/> by default; not <see cref="RateLimitScope.Model"/>, which is set with <see cref="ModelOptions.Limits"/>.</value>
    public RateLimitScope Scope { get; set; }

    /// <summary>Gets or sets the tag by whose values a limit of the scope <see cref="RateLimitScope.Tag"/> counts.</summary>
    public string? Tag { get; set; }

    /// <summary>Gets or sets the one value to which the limit applies.</summary>
    /// <value><see langword="null"/> by default: each value has the limit by itself.</value>
    public string? Only { get; set; }

    /// <summary>Gets or sets the length of a window: its amount may be taken at once and comes back evenly over it.</summary>
    /// <value>1 second to 1 day; 1 minute by default.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the part of a window's amount that may be taken at once.</summary>
    /// <value>Above 0, at most 1, which is the default.</value>
    public double Burst { get; set; } = 1;

    /// <summary>Gets other amounts for single tenants, features or values; <c>tenant/user</c> for a user. What one leaves unset is the limit's own.</summary>
    public IDictionary<string, RateLimitAmounts> Overrides { get; } = new Dictionary<string, RateLimitAmounts>(StringComparer.Ordinal);
}
