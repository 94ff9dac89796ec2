using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>Words a budget's refusals: names of limits and models, and figures of the caller's own account only.</summary>
internal static class BudgetRefusals
{
    public static BudgetExceededException Exceeded(string model, BudgetRule rule, in BudgetAccount account, in ReserveResult result, Expense asked, DateTimeOffset now)
    {
        var ends = result.FreesAt ?? (account.Until == DateTimeOffset.MaxValue ? null : account.Until);
        // What others spent on the same account is not the caller's to know.
        var isOwn = rule.Scope is BudgetScope.Call or BudgetScope.Interaction || (rule.Scope is BudgetScope.Tenant or BudgetScope.User && account.Value.Length > 0);
        return new(model, rule.Name, rule.Scope, rule.Limit, isOwn ? result.Balance : null, asked, ends)
        {
            RetryAfter = ends is not { } end ? null : end > now ? end - now : TimeSpan.Zero,
        };
    }

    public static MissingIdentityException MissingIdentity(BudgetRule rule) => new(
        RefusalReason.Budget,
        $"The limit '{rule.Name}' is for each {rule.Scope.ToString().ToLowerInvariant()} and the call does not say whose it is. Set LlmCallOptions.{(rule.Scope == BudgetScope.Tag ? $"Tags[\"{rule.Tag}\"]" : rule.Scope)}, open an LlmScope, or set BudgetOptions.MissingIdentity.");

    public static AttemptRefusedException LedgerFailed(string model, Exception exception) => new(
        RefusalReason.Budget,
        model,
        "The budget's ledger failed, so no money could be reserved. Repair the ledger, or set BudgetOptions.WhenLedgerFails to Allow.",
        exception);
}
