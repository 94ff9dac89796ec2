using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>The limits of a budget guard.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Budget</c>; limits are keyed by name.</remarks>
public sealed class BudgetOptions
{
    /// <summary>Gets the limits, by name. At least one is needed.</summary>
    public IDictionary<string, BudgetLimit> Limits { get; } = new Dictionary<string, BudgetLimit>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets the time zone of days, weeks and months, by its IANA or Windows name, such as <c>Europe/Berlin</c>.</summary>
    /// <value><c>UTC</c> by default. Where midnight does not exist, a day begins with its first moment.</value>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Gets or sets the day on which a week begins.</summary>
    /// <value><see cref="DayOfWeek.Monday"/> by default.</value>
    public DayOfWeek WeekStart { get; set; } = DayOfWeek.Monday;

    /// <summary>Gets or sets what is done with each alert, beside the log, the metric and each registered <see cref="IBudgetAlertSink"/>.</summary>
    /// <value><see langword="null"/> by default. It is called on another thread; what it throws is logged by its type.</value>
    public Action<BudgetAlert>? OnAlert { get; set; }

    /// <summary>Gets or sets what a limit for each tenant, user or feature does with a call that does not say whose it is.</summary>
    /// <value><see cref="MissingIdentity.Refuse"/> by default.</value>
    public MissingIdentity MissingIdentity { get; set; }

    /// <summary>Gets or sets whether limits only record what they would have refused.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

    /// <summary>Gets or sets how long the ledger may take to reserve.</summary>
    /// <value>Above zero; 2 seconds by default.</value>
    public TimeSpan LedgerTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets what happens when the ledger fails or takes too long.</summary>
    /// <value><see cref="WhenLedgerFails.Refuse"/> by default.</value>
    public WhenLedgerFails WhenLedgerFails { get; set; }

    /// <summary>Limits what all calls together may cost.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <param name="window">The time over which it counts.</param>
    /// <returns>These options.</returns>
    public BudgetOptions Global(string name, decimal amount, BudgetWindow window) => Add(name, BudgetScope.Global, amount, window);

    /// <summary>Limits what the calls for each tenant may cost.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <param name="window">The time over which it counts.</param>
    /// <returns>These options.</returns>
    public BudgetOptions PerTenant(string name, decimal amount, BudgetWindow window) => Add(name, BudgetScope.Tenant, amount, window);

    /// <summary>Limits what the calls for each user of a tenant may cost.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <param name="window">The time over which it counts.</param>
    /// <returns>These options.</returns>
    public BudgetOptions PerUser(string name, decimal amount, BudgetWindow window) => Add(name, BudgetScope.User, amount, window);

    /// <summary>Limits what the calls of each feature may cost.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <param name="window">The time over which it counts.</param>
    /// <returns>These options.</returns>
    public BudgetOptions PerFeature(string name, decimal amount, BudgetWindow window) => Add(name, BudgetScope.Feature, amount, window);

    /// <summary>Limits what the attempts on each registered model may cost.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <param name="window">The time over which it counts.</param>
    /// <returns>These options.</returns>
    public BudgetOptions PerModel(string name, decimal amount, BudgetWindow window) => Add(name, BudgetScope.Model, amount, window);

    /// <summary>Limits what each call may cost, all its attempts together.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <returns>These options.</returns>
    public BudgetOptions PerCall(string name, decimal amount) => Add(name, BudgetScope.Call, amount, BudgetWindow.Lifetime);

    /// <summary>Gives one tenant, user, feature or model another amount under a limit.</summary>
    /// <param name="name">The limit's name, added before.</param>
    /// <param name="value">The tenant, the feature, the model, or <c>tenant/user</c>; <c>/user</c> for a user without a tenant.</param>
    /// <param name="amount">USD, 0 or more.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">There is no limit of that name, or the value is blank.</exception>
    public BudgetOptions For(string name, string value, decimal amount)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        if (!Limits.TryGetValue(name, out var limit))
            throw new ArgumentException($"There is no limit '{name}'. Add it first, such as with PerTenant.", nameof(name));
        limit.Overrides[value] = amount;
        return this;
    }

    /// <summary>Adds a limit with all its settings, such as one on tokens, for one value, or over a rolling window.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="configure">Sets the limit; one that was added before is changed.</param>
    /// <returns>These options.</returns>
    public BudgetOptions Limit(string name, Action<BudgetLimit> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (!Limits.TryGetValue(name, out var limit))
            Limits[name] = limit = new();
        configure(limit);
        return this;
    }

    internal void Bind(IConfiguration section) => section.Bind(this);

    private BudgetOptions Add(string name, BudgetScope scope, decimal amount, BudgetWindow window)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Limits[name] = new() { Scope = scope, Amount = amount, Window = window };
        return this;
    }
}
