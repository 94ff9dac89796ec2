using System.Collections.Frozen;
using LlmKit.Calls;
using LlmKit.Control.Budgets.Settings;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Limits;

/// <summary>A budget's settings, prepared once for a snapshot.</summary>
internal sealed class BudgetPolicy
{
    private BudgetPolicy(IEnumerable<BudgetRule> rules, TimeSpan ledgerTimeout, bool allowsWithoutLedger, Action<BudgetAlert>? onAlert)
    {
        foreach (var rule in rules)
            (rule.Scope == BudgetScope.Call ? CallRules : LedgerRules).Add(rule);
        foreach (var rule in LedgerRules.Concat(CallRules))
        {
            Enforces |= rule.Enforce;
            NeedsPrice |= rule.Enforce && rule.LimitsMoney;
            ShortensAnswers |= rule is { Enforce: true, AtLimit: AtLimit.Shrink or AtLimit.FinishWithoutTools };
            EndsLoops |= rule is { Enforce: true, AtLimit: AtLimit.FinishWithoutTools };
            Waits |= rule is { Enforce: true, AtLimit: AtLimit.Wait };
            Alerts |= rule.AlertAt.Length > 0;
        }

        LedgerTimeout = ledgerTimeout;
        AllowsWithoutLedger = allowsWithoutLedger;
        OnAlert = onAlert;
    }

    /// <summary>Gets the limits that the ledger holds.</summary>
    public List<BudgetRule> LedgerRules { get; } = [];

    /// <summary>Gets the limits that each call holds itself.</summary>
    public List<BudgetRule> CallRules { get; } = [];

    /// <summary>Gets whether any limit refuses.</summary>
    public bool Enforces { get; }

    /// <summary>Gets whether any limit that refuses is on money.</summary>
    public bool NeedsPrice { get; }

    /// <summary>Gets whether any limit makes answers shorter than the caller asked for.</summary>
    public bool ShortensAnswers { get; }

    /// <summary>Gets whether any limit ends tool loops.</summary>
    public bool EndsLoops { get; }

    /// <summary>Gets whether any limit waits.</summary>
    public bool Waits { get; }

    /// <summary>Gets whether any limit alerts.</summary>
    public bool Alerts { get; }

    public TimeSpan LedgerTimeout { get; }

    /// <summary>Gets whether an attempt is made when the ledger fails.</summary>
    public bool AllowsWithoutLedger { get; }

    public Action<BudgetAlert>? OnAlert { get; }

    public static BudgetPolicy Compile(BudgetOptions options, List<string> failures)
    {
        var before = failures.Count;
        BudgetOptionsValidator.Validate(options, failures);
        return new(
            failures.Count > before ? [] : options.Limits.Select(pair => Rule(pair.Key, pair.Value, options)),
            options.LedgerTimeout,
            options.Observe || options.WhenLedgerFails == WhenLedgerFails.Allow,
            options.OnAlert);
    }

    /// <summary>Gives the limits of both: those on the same accounts once, the stricter of the two.</summary>
    public BudgetPolicy With(BudgetPolicy other)
    {
        var rules = LedgerRules.Concat(CallRules).ToList();
        foreach (var rule in other.LedgerRules.Concat(other.CallRules))
        {
            var same = rules.FindIndex(rule.SharesAccounts);
            if (same < 0)
                rules.Add(rule);
            else
                rules[same] = rules[same].Stricter(rule);
        }

        return new(rules, LedgerTimeout < other.LedgerTimeout ? LedgerTimeout : other.LedgerTimeout, AllowsWithoutLedger && other.AllowsWithoutLedger, OnAlert + other.OnAlert);
    }

    private static BudgetRule Rule(string name, BudgetLimit limit, BudgetOptions options)
    {
        var window = limit.Scope == BudgetScope.Call ? BudgetWindow.Lifetime : limit.Window;
        var all = new Expense(limit.Amount is { } amount ? Money.FromUsd(amount) : Money.MaxValue, limit.Tokens ?? long.MaxValue);
        return new(name, limit.Scope, all, Enforce: !options.Observe, options.MissingIdentity, new(window, TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone), options.WeekStart))
        {
            Overrides = limit.Overrides.Keys.Union(limit.TokenOverrides.Keys).ToFrozenDictionary(value => ValueOf(limit.Scope, value), value => new Expense(
                limit.Overrides.TryGetValue(value, out var money) ? Money.FromUsd(money) : all.Money,
                limit.TokenOverrides.TryGetValue(value, out var tokens) ? tokens : all.Tokens)),
            Window = window,
            Rolling = limit.Length ?? TimeSpan.Zero,
            Tag = limit.Tag,
            Only = limit.Only is { } only ? ValueOf(limit.Scope, only) : null,
            AtLimit = limit.AtLimit,
            AlertAt = [.. limit.AlertAt.Distinct().Order()],
        };
    }

    /// <summary>Gives the value that stands for a name in the settings: a user is written as <c>tenant/user</c>.</summary>
    private static string ValueOf(BudgetScope scope, string name) =>
        scope == BudgetScope.User ? CallIdentity.UserKeyOf(name) : name;
}
