namespace LlmKit;

/// <summary>One limit of a budget. Pipelines in one container share the spend of limits with one name.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public sealed class BudgetLimit
{
    /// <summary>Gets or sets what shares the money.</summary>
    public BudgetScope Scope { get; set; }

    /// <summary>Gets or sets the amount, in USD.</summary>
    /// <value>0 or more; 0 refuses everything that costs.</value>
    public decimal Amount { get; set; }

    /// <summary>Gets other amounts for single tenants, users, features or models, in USD.</summary>
    /// <value>Empty by default. Keys are the tenant, the feature, the model, or <c>tenant/user</c>.</value>
    public IDictionary<string, decimal> Overrides { get; } = new Dictionary<string, decimal>(StringComparer.Ordinal);

    /// <summary>Gets or sets the time over which the limit counts. Of no meaning for <see cref="BudgetScope.Call"/>.</summary>
    public BudgetWindow Window { get; set; }
}
