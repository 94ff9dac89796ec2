namespace LlmKit;

/// <summary>One limit of a budget, on money, on tokens or on both. Pipelines in one container share the spend of limits with one name.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. A reload that changes an amount keeps what was spent; one that changes the window begins with nothing spent.</remarks>
public sealed class BudgetLimit
{
    /// <summary>Gets or sets what shares the limit.</summary>
    public BudgetScope Scope { get; set; }

    /// <summary>Gets or sets the amount, in USD.</summary>
    /// <value>0 or more; 0 refuses everything that costs; <see langword="null"/> by default: no limit on money. It or <see cref="Tokens"/> is needed.</value>
    public decimal? Amount { get; set; }

    /// <summary>Gets or sets the tokens, input and output together.</summary>
    /// <value>0 or more; <see langword="null"/> by default: no limit on tokens.</value>
    public long? Tokens { get; set; }

    /// <summary>Gets other amounts for single tenants, users, features, models and so on, in USD.</summary>
    /// <value>Empty by default. Keys are the tenant, the feature, the tag's value, the model, the provider, or <c>tenant/user</c>.</value>
    public IDictionary<string, decimal> Overrides { get; } = new Dictionary<string, decimal>(StringComparer.Ordinal);

    /// <summary>Gets other numbers of tokens for single values of the scope.</summary>
    /// <value>Empty by default. Keys are those of <see cref="Overrides"/>.</value>
    public IDictionary<string, long> TokenOverrides { get; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Gets or sets the time over which the limit counts. Of no meaning for <see cref="BudgetScope.Call"/>.</summary>
    public BudgetWindow Window { get; set; }

    /// <summary>Gets or sets how long a <see cref="BudgetWindow.Rolling"/> window is.</summary>
    /// <value>1 minute to 366 days; <see langword="null"/> by default. Set it for rolling windows, and for no other.</value>
    public TimeSpan? Length { get; set; }

    /// <summary>Gets or sets the tag by whose values a limit of <see cref="BudgetScope.Tag"/> counts, see <see cref="LlmCallOptions.Tags"/>.</summary>
    public string? Tag { get; set; }

    /// <summary>Gets or sets the one value of the scope to which the limit applies.</summary>
    /// <value><see langword="null"/> by default: to each value by itself.</value>
    public string? Only { get; set; }

    /// <summary>Gets or sets what happens to an attempt whose worst case does not fit.</summary>
    /// <value><see cref="LlmKit.AtLimit.Refuse"/> by default.</value>
    public AtLimit AtLimit { get; set; }

    /// <summary>Gets the parts of the limit at which an alert goes out, once for each window.</summary>
    /// <value>Above 0 and at most 1; empty by default.</value>
    public IList<double> AlertAt { get; } = [];
}
