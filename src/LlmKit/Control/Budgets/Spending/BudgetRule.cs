using System.Collections.Frozen;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>One prepared limit.</summary>
/// <param name="Name">The limit's name.</param>
/// <param name="Scope">What shares the money.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Window">The time over which it counts.</param>
/// <param name="Enforce">Whether it refuses; otherwise it only records.</param>
/// <param name="MissingIdentity">What it does with a call that does not say whose it is.</param>
internal sealed record BudgetRule(string Name, BudgetScope Scope, Money Amount, BudgetWindow Window, bool Enforce, MissingIdentity MissingIdentity)
{
    // Names of limits ignore case, in options and configuration alike, so accounts must too.
    private readonly string _account = Name.ToLowerInvariant();

    /// <summary>Gets other amounts for single values of the scope.</summary>
    public FrozenDictionary<string, Money> Overrides { get; init; } = FrozenDictionary<string, Money>.Empty;

    /// <summary>Gives the limit with the amount that a value of its scope has.</summary>
    public BudgetRule For(string value) =>
        Overrides.Count > 0 && Overrides.TryGetValue(value, out var amount) ? this with { Amount = amount } : this;

    /// <summary>Gives the account of the limit that a day, UTC, and a value of its scope share.</summary>
    public BudgetAccount AccountOf(string value, DateOnly day)
    {
        var first = day.AddDays(1 - day.Day);
        return Window switch
        {
            BudgetWindow.Daily => new(_account, Scope, value, day, day.AddDays(1)),
            BudgetWindow.Monthly => new(_account, Scope, value, first, first.AddMonths(1)),
            _ => new(_account, Scope, value, DateOnly.MinValue, DateOnly.MaxValue),
        };
    }

    /// <summary>Gets whether two limits keep their spend on the same accounts.</summary>
    public bool SharesAccounts(BudgetRule other) => _account == other._account && Scope == other.Scope && Window == other.Window;

    /// <summary>Gives the stricter of two limits on the same accounts.</summary>
    public BudgetRule Stricter(BudgetRule other) =>
        Enforce != other.Enforce ? (Enforce ? this : other) : other.Amount < Amount ? other : this;
}
