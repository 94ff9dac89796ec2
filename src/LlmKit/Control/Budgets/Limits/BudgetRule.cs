using System.Collections.Frozen;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Limits;

/// <summary>One prepared limit.</summary>
/// <param name="Name">The limit's name.</param>
/// <param name="Scope">What shares the limit.</param>
/// <param name="Limit">The most money and tokens.</param>
/// <param name="Enforce">Whether it refuses; otherwise it only records.</param>
/// <param name="MissingIdentity">What it does with a call that does not say whose it is.</param>
/// <param name="Calendar">Its windows.</param>
internal sealed record BudgetRule(string Name, BudgetScope Scope, Expense Limit, bool Enforce, MissingIdentity MissingIdentity, BudgetCalendar Calendar)
{
    // Names of limits ignore case, in options and configuration alike, so accounts must too.
    private readonly string _account = Name.ToLowerInvariant();

    /// <summary>Gets other limits for single values of the scope.</summary>
    public FrozenDictionary<string, Expense> Overrides { get; init; } = FrozenDictionary<string, Expense>.Empty;

    /// <summary>Gets the time over which it counts.</summary>
    public BudgetWindow Window { get; init; }

    /// <summary>Gets how long a rolling window is; zero for others.</summary>
    public TimeSpan Rolling { get; init; }

    /// <summary>Gets the tag by whose values it counts.</summary>
    public string? Tag { get; init; }

    /// <summary>Gets the one value to which it applies; <see langword="null"/> for each by itself.</summary>
    public string? Only { get; init; }

    public AtLimit AtLimit { get; init; }

    /// <summary>Gets the parts of the limit at which an alert goes out, by size.</summary>
    public double[] AlertAt { get; init; } = [];

    /// <summary>Gets whether it limits money for anybody.</summary>
    public bool LimitsMoney => Limit.Money != Money.MaxValue || Overrides.Values.Any(limit => limit.Money != Money.MaxValue);

    /// <summary>Gives the limit with the amounts that a value of its scope has.</summary>
    public BudgetRule For(string value) =>
        Overrides.Count > 0 && Overrides.TryGetValue(value, out var limit) ? this with { Limit = limit } : this;

    /// <summary>Whether the limit applies to a value of its scope.</summary>
    public bool AppliesTo(string value) => Only is null || Only == value;

    /// <summary>Gives the account that a moment and a value of the scope share.</summary>
    public BudgetAccount AccountOf(string value, DateTimeOffset moment)
    {
        var period = Calendar.PeriodOf(moment);
        return new(_account, Scope, value, period.From, period.Until) { Rolling = Rolling };
    }

    /// <summary>Gets whether two limits keep their spend on the same accounts.</summary>
    public bool SharesAccounts(BudgetRule other) =>
        _account == other._account && Scope == other.Scope && Window == other.Window && Rolling == other.Rolling && Tag == other.Tag && Only == other.Only;

    /// <summary>Gives the stricter of two limits on the same accounts.</summary>
    public BudgetRule Stricter(BudgetRule other) =>
        Enforce != other.Enforce ? (Enforce ? this : other)
        : this with { Limit = Expense.Least(Limit, other.Limit), Overrides = Least(other), AlertAt = [.. AlertAt.Union(other.AlertAt).Order()] };

    /// <summary>Gives what each value that either names has at the most under both.</summary>
    private FrozenDictionary<string, Expense> Least(BudgetRule other) =>
        Overrides.Count + other.Overrides.Count == 0 ? Overrides
        : Overrides.Keys.Union(other.Overrides.Keys).ToFrozenDictionary(value => value, value => Expense.Least(For(value).Limit, other.For(value).Limit));
}
