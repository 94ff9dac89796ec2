using System.Collections.Frozen;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>A budget's settings, prepared once for a snapshot.</summary>
internal sealed class BudgetPolicy
{
    private BudgetPolicy(IEnumerable<BudgetRule> rules, TimeSpan ledgerTimeout, bool allowsWithoutLedger)
    {
        foreach (var rule in rules)
            (rule.Scope == BudgetScope.Call ? CallRules : LedgerRules).Add(rule);
        Enforces = LedgerRules.Concat(CallRules).Any(rule => rule.Enforce);
        LedgerTimeout = ledgerTimeout;
        AllowsWithoutLedger = allowsWithoutLedger;
    }

    /// <summary>Gets the limits that the ledger holds.</summary>
    public List<BudgetRule> LedgerRules { get; } = [];

    /// <summary>Gets the limits that each call holds itself.</summary>
    public List<BudgetRule> CallRules { get; } = [];

    /// <summary>Gets whether any limit refuses.</summary>
    public bool Enforces { get; }

    public TimeSpan LedgerTimeout { get; }

    /// <summary>Gets whether an attempt is made when the ledger fails.</summary>
    public bool AllowsWithoutLedger { get; }

    public static BudgetPolicy Compile(BudgetOptions options, List<string> failures)
    {
        var before = failures.Count;
        BudgetOptionsValidator.Validate(options, failures);
        return new(failures.Count > before ? [] : options.Limits.Select(pair => Rule(pair.Key, pair.Value, options)), options.LedgerTimeout, options.Observe || options.WhenLedgerFails == WhenLedgerFails.Allow);
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

        return new(rules, LedgerTimeout < other.LedgerTimeout ? LedgerTimeout : other.LedgerTimeout, AllowsWithoutLedger && other.AllowsWithoutLedger);
    }

    private static BudgetRule Rule(string name, BudgetLimit limit, BudgetOptions options) => new(
        name,
        limit.Scope,
        Money.FromUsd(limit.Amount),
        limit.Scope == BudgetScope.Call ? BudgetWindow.Lifetime : limit.Window,
        Enforce: !options.Observe,
        options.MissingIdentity)
    {
        Overrides = limit.Overrides.ToFrozenDictionary(pair => limit.Scope == BudgetScope.User ? UserValue(pair.Key) : pair.Key, pair => Money.FromUsd(pair.Value)),
    };

    /// <summary>Gives the value that stands for a user written as <c>tenant/user</c>.</summary>
    private static string UserValue(string name) =>
        name.Split('/', 2) is [var tenant, var user] ? BudgetSpendingHook.UserValue(tenant, user) : name;
}
