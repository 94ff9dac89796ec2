using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Control.Budgets;

/// <summary>A budget's settings, prepared once for a snapshot.</summary>
internal sealed class BudgetPolicy
{
    private BudgetPolicy(BudgetOptions options)
    {
        foreach (var (name, limit) in options.Limits)
        {
            var rule = new BudgetRule(name, limit.Scope, Money.FromUsd(limit.Amount), limit.Window);
            (limit.Scope == BudgetScope.Call ? CallRules : LedgerRules).Add(rule);
        }

        MissingIdentity = options.MissingIdentity;
        Observe = options.Observe;
        LedgerTimeout = options.LedgerTimeout;
        WhenLedgerFails = options.WhenLedgerFails;
    }

    /// <summary>Gets the limits that the ledger holds.</summary>
    public List<BudgetRule> LedgerRules { get; } = [];

    /// <summary>Gets the limits that each call holds itself.</summary>
    public List<BudgetRule> CallRules { get; } = [];

    public MissingIdentity MissingIdentity { get; }

    public bool Observe { get; }

    public TimeSpan LedgerTimeout { get; }

    public WhenLedgerFails WhenLedgerFails { get; }

    public static BudgetPolicy Compile(BudgetOptions options, List<string> failures)
    {
        BudgetOptionsValidator.Validate(options, failures);
        return failures.Count > 0 ? new(new()) : new(options);
    }
}

/// <summary>One prepared limit.</summary>
/// <param name="Name">The limit's name.</param>
/// <param name="Scope">What shares the money.</param>
/// <param name="Amount">The amount.</param>
/// <param name="Window">The time over which it counts.</param>
internal sealed record BudgetRule(string Name, BudgetScope Scope, Money Amount, BudgetWindow Window)
{
    /// <summary>Gives the account of the limit that a window's time and a value of its scope share.</summary>
    public BudgetAccount AccountOf(string value, DateTimeOffset time)
    {
        var day = time.UtcDateTime.Date;
        return Window switch
        {
            BudgetWindow.Daily => new(Name, value, day, day.AddDays(1)),
            BudgetWindow.Monthly => new(Name, value, day.AddDays(1 - day.Day), day.AddDays(1 - day.Day).AddMonths(1)),
            _ => new(Name, value, DateTime.MinValue, DateTime.MaxValue),
        };
    }
}
