namespace LlmKit.Control.Budgets;

/// <summary>Checks a budget's settings, all failures at once.</summary>
internal static class BudgetOptionsValidator
{
    public static void Validate(BudgetOptions options, List<string> failures)
    {
        if (options.Limits.Count == 0)
            failures.Add("The budget has no limit. Add one, such as UseBudget(b => b.PerTenant(\"daily\", 20m, BudgetWindow.Daily)).");
        foreach (var (name, limit) in options.Limits)
        {
            if (limit.Amount < 0)
                failures.Add($"The amount '{limit.Amount}' of the limit '{name}' is negative. Give an amount in USD, 0 or more.");
            if (!Enum.IsDefined(limit.Scope) || !Enum.IsDefined(limit.Window))
                failures.Add($"The limit '{name}' has an unknown scope or window. Use the values of BudgetScope and BudgetWindow.");
        }

        if (options.LedgerTimeout <= TimeSpan.Zero)
            failures.Add($"The ledger's time limit '{options.LedgerTimeout}' is not above zero. Set BudgetOptions.LedgerTimeout to a time such as 2 seconds.");
    }
}
