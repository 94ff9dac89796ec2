using System.Globalization;

namespace LlmKit.Control.Budgets;

/// <summary>Checks a budget's settings, all failures at once.</summary>
internal static class BudgetOptionsValidator
{
    private const decimal MostUsd = 1_000_000_000m;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public static void Validate(BudgetOptions options, List<string> failures)
    {
        if (options.Limits.Count == 0)
            failures.Add("The budget has no limit. Add one, such as UseBudget(b => b.PerTenant(\"daily\", 20m, BudgetWindow.Daily)).");
        foreach (var (name, limit) in options.Limits)
            Validate(name, limit, failures);
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
        if (scope is BudgetScope.Global or BudgetScope.Call)
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
        foreach (var value in limit.Overrides.Keys)
            ValidateOverride(name, limit.Scope, value, failures);
        if (!Enum.IsDefined(limit.Scope) || !Enum.IsDefined(limit.Window))
            failures.Add($"The limit '{name}' has an unknown scope or window. Use the values of BudgetScope and BudgetWindow.");
    }
}
