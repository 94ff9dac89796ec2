namespace LlmKit.Control.Budgets.Ledger;

/// <summary>One account of a ledger: a limit, the value of its scope, a window of time.</summary>
public readonly record struct BudgetAccount
{
    // Ticks take half of what moments do, and accounts are many.
    private readonly long _from;
    private readonly long _until;

    /// <summary>Creates an account.</summary>
    /// <param name="limit">The limit's name, in lower case.</param>
    /// <param name="scope">What shares the limit.</param>
    /// <param name="value">The tenant, user, feature, tag, model, provider or interaction; empty for a global limit and for calls that do not say whose they are.</param>
    /// <param name="from">When the window begins; <see cref="DateTimeOffset.MinValue"/> for a limit for ever and for a rolling one.</param>
    /// <param name="until">When the next window begins; <see cref="DateTimeOffset.MaxValue"/> for never.</param>
    public BudgetAccount(string limit, BudgetScope scope, string value, DateTimeOffset from, DateTimeOffset until)
    {
        Limit = limit;
        Scope = scope;
        Value = value;
        _from = from.UtcTicks;
        _until = until.UtcTicks;
    }

    /// <summary>Gets the limit's name, in lower case.</summary>
    public string Limit { get; init; }

    /// <summary>Gets the value of the scope.</summary>
    public string Value { get; init; }

    /// <summary>Gets what shares the limit.</summary>
    public BudgetScope Scope { get; init; }

    /// <summary>Gets when the window begins, UTC.</summary>
    public DateTimeOffset From
    {
        get => new(_from, TimeSpan.Zero);
        init => _from = value.UtcTicks;
    }

    /// <summary>Gets when the next window begins, UTC.</summary>
    public DateTimeOffset Until
    {
        get => new(_until, TimeSpan.Zero);
        init => _until = value.UtcTicks;
    }

    /// <summary>Gets how far back a rolling window reaches from the start of a call; zero for a window that stands still.</summary>
    public TimeSpan Rolling { get; init; }

    /// <summary>Gives the account of a limit without a window.</summary>
    /// <param name="limit">The limit's name, in lower case.</param>
    /// <param name="scope">What shares the limit.</param>
    /// <param name="value">The value of the scope.</param>
    /// <returns>The account.</returns>
    public static BudgetAccount ForEver(string limit, BudgetScope scope, string value) => new(limit, scope, value, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <inheritdoc/>
    // Limits are few and looked up for every attempt: their length tells most of them apart without reading their names.
    public override int GetHashCode() => HashCode.Combine(Value.GetHashCode(StringComparison.Ordinal), Limit.Length, Scope, _from);
}
