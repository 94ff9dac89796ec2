using System.Globalization;
using LlmKit.Control.Budgets.Ledger;

namespace LlmKit;

/// <summary>The money of a budget does not suffice for an attempt. Nothing was sent.</summary>
/// <remarks>It tells the spend of the caller's own account only, never of one that others share: that is for the ledger's reader to know.</remarks>
public sealed class BudgetExceededException : AttemptRefusedException
{
    internal BudgetExceededException(string model, string limit, BudgetScope scope, decimal amount, BudgetBalance? balance, decimal asked, DateTimeOffset? resetsAt)
        : base(RefusalReason.Budget, model, Describe(model, limit, scope, amount, balance, asked, resetsAt))
    {
        Limit = limit;
        Scope = scope;
        Amount = amount;
        Spent = balance?.Spent.ToUsd();
        Reserved = balance?.Reserved.ToUsd();
        ResetsAt = resetsAt;
    }

    /// <summary>Gets the limit's name.</summary>
    public string Limit { get; }

    /// <summary>Gets what shares the limit's money.</summary>
    public BudgetScope Scope { get; }

    /// <summary>Gets the limit's amount, in USD.</summary>
    public decimal Amount { get; }

    /// <summary>Gets what was spent of it, in USD; <see langword="null"/> where others share the account.</summary>
    public decimal? Spent { get; }

    /// <summary>Gets what is reserved for attempts that have not ended, in USD; <see langword="null"/> where others share the account.</summary>
    public decimal? Reserved { get; }

    /// <summary>Gets when the next window begins; <see langword="null"/> for a limit for ever and for a limit on each call.</summary>
    public DateTimeOffset? ResetsAt { get; }

    private static string Describe(string model, string limit, BudgetScope scope, decimal amount, BudgetBalance? balance, decimal asked, DateTimeOffset? resetsAt)
    {
        var left = balance is { } own ? string.Create(CultureInfo.InvariantCulture, $" has {Math.Max(0, amount - (own.Spent + own.Reserved).ToUsd()):0.############} left") : " has too little left";
        var when = resetsAt is { } time ? $"It starts anew at {time.ToString("u", CultureInfo.InvariantCulture)}. " : "";
        return string.Create(CultureInfo.InvariantCulture, $"The limit '{limit}' ({scope}) of {amount:0.############} USD{left} and an attempt on the model '{model}' may cost {asked:0.############}. {when}Raise the limit, set MaxOutputTokens, or use a cheaper model.");
    }
}
