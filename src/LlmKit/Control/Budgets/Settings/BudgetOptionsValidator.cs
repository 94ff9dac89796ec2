using System.Globalization;

namespace LlmKit.Control.Budgets.Settings;

/// <summary>Checks a budget's settings, all failures at once.</summary>
internal static class BudgetOptionsValidator
{
    private const decimal MostUsd = 1_000_000_000m;
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(366);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public static void Validate(BudgetOptions options, List<string> failures)
    {
        if (options.Limits.Count == 0)
            failures.Add("The budget has no limit. Add one, such as UseBudget(b => b.PerTenant(\"daily\", 20m, BudgetWindow.Daily)).");
        foreach (var (name, limit) in options.Limits)
            Validate(name, limit, failures);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone ?? "", out _))
            failures.Add($"The time zone '{options.TimeZone}' is unknown on this machine. Set BudgetOptions.TimeZone to an IANA name such as Europe/Berlin, and see that the machine has time zone data.");
        if (!Enum.IsDefined(options.WeekStart))
            failures.Add($"BudgetOptions.WeekStart is '{options.WeekStart}', which is unknown. Use a value of DayOfWeek.");
        if (options.LedgerTimeout <= TimeSpan.Zero || options.LedgerTimeout > LongestTimeout)
            failures.Add($"The ledger's time limit '{options.LedgerTimeout}' is not above zero and at most an hour. Set BudgetOptions.LedgerTimeout to a time such as 2 seconds.");
        if (!Enum.IsDefined(options.MissingIdentity))
            failures.Add($"BudgetOptions.MissingIdentity is '{options.MissingIdentity}', which is unknown. Use a value of MissingIdentity.");
        if (!Enum.IsDefined(options.WhenLedgerFails))
            failures.Add($"BudgetOptions.WhenLedgerFails is '{options.WhenLedgerFails}', which is unknown. Use a value of WhenLedgerFails.");
    }

    /// <summary>Refuses an amount for a value that no call will ever have: it would never apply, and nobody would see it.</summary>
    private static void ValidateOverride(string name, BudgetScope scope, string value, List<string> failures)
    {
        if (scope is BudgetScope.Global or BudgetScope.Call or BudgetScope.Interaction)
            failures.Add($"The limit '{name}' is one for all, so the amount for '{value}' under it never applies. Make it a limit for each tenant, user, feature or model, or remove the amount.");
        else if (scope == BudgetScope.User && !value.Contains('/', StringComparison.Ordinal))
            failures.Add($"The user '{value}' under the limit '{name}' has no tenant, so the amount never applies. Write tenant/user, or /user for a user without a tenant.");
    }

    private static void Validate(string name, BudgetLimit? limit, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(name))
            failures.Add("A limit of the budget has no name. Name each, such as 'daily': reports, configuration and shared spend go by it.");
        if (limit is null)
        {
            failures.Add($"The limit '{name}' has no settings. Give its Scope, Amount and Window.");
            return;
        }

        if (limit.Amount is < 0 or > MostUsd)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The amount '{limit.Amount}' of the limit '{name}' is outside 0 to {MostUsd}. Give an amount in USD."));
        foreach (var (value, amount) in limit.Overrides.Where(pair => pair.Value is < 0 or > MostUsd))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The amount '{amount}' for '{value}' under the limit '{name}' is outside 0 to {MostUsd}. Give an amount in USD."));
        if (limit.Tokens < 0 || limit.TokenOverrides.Values.Any(tokens => tokens < 0))
            failures.Add($"The limit '{name}' has a number of tokens below 0. Give 0 or more.");
        if (limit.Amount is null && limit.Tokens is null && limit.Overrides.Count == 0 && limit.TokenOverrides.Count == 0)
            failures.Add($"The limit '{name}' limits nothing. Give its Amount in USD, its Tokens, or both.");
        foreach (var value in limit.Overrides.Keys.Concat(limit.TokenOverrides.Keys).Concat(limit.Only is { } only ? [only] : []))
            ValidateOverride(name, limit.Scope, value, failures);
        if (!Enum.IsDefined(limit.Scope) || !Enum.IsDefined(limit.Window) || !Enum.IsDefined(limit.AtLimit))
            failures.Add($"The limit '{name}' has an unknown scope, window or AtLimit. Use the values of BudgetScope, BudgetWindow and AtLimit.");
        foreach (var part in limit.AlertAt.Where(part => part is not (> 0 and <= 1)))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The limit '{name}' alerts at '{part}', which is not above 0 and at most 1. Give parts of the limit such as 0.8."));
        ValidateKind(name, limit, failures);
    }

    private static void ValidateKind(string name, BudgetLimit limit, List<string> failures)
    {
        if (limit.Window == BudgetWindow.Rolling ? limit.Length is not { } length || length < ShortestWindow || length > LongestWindow : limit.Length is not null)
            failures.Add($"The limit '{name}' has the window {limit.Window} and the length '{limit.Length}'. A rolling window needs a length of 1 minute to 366 days; no other has one.");
        if (limit.Scope == BudgetScope.Tag ? string.IsNullOrWhiteSpace(limit.Tag) : limit.Tag is not null)
            failures.Add($"The limit '{name}' has the scope {limit.Scope} and the tag '{limit.Tag}'. A limit for each value of a tag needs BudgetLimit.Tag; no other has one.");
        if (limit.AtLimit == AtLimit.Wait && limit.Scope == BudgetScope.Call)
            failures.Add($"The limit '{name}' on each call would wait for money that comes to no call. Use another AtLimit.");
    }
}
