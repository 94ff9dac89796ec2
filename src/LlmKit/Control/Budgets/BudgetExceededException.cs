using System.Globalization;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit;

/// <summary>A limit of a budget does not suffice for an attempt. Nothing was sent.</summary>
/// <remarks>It tells the spend of the caller's own account only, never of one that others share: that is for the ledger's reader to know.</remarks>
public sealed class BudgetExceededException : AttemptRefusedException
{
    internal BudgetExceededException(string model, string limit, BudgetScope scope, Expense most, BudgetBalance? balance, Expense asked, DateTimeOffset? resetsAt)
        : base(RefusalReason.Budget, model, Describe(model, limit, scope, most, balance, asked, resetsAt))
    {
        Limit = limit;
        Scope = scope;
        Amount = most.Money == Money.MaxValue ? null : most.Money.ToUsd();
        Tokens = most.Tokens == long.MaxValue ? null : most.Tokens;
        Spent = balance?.Spent.Money.ToUsd();
        Reserved = balance?.Reserved.Money.ToUsd();
        SpentTokens = balance?.Spent.Tokens;
        ReservedTokens = balance?.Reserved.Tokens;
        ResetsAt = resetsAt;
    }

    /// <summary>Gets the limit's name.</summary>
    public string Limit { get; }

    /// <summary>Gets what shares the limit.</summary>
    public BudgetScope Scope { get; }

    /// <summary>Gets the limit's amount, in USD; <see langword="null"/> for a limit on tokens only.</summary>
    public decimal? Amount { get; }

    /// <summary>Gets the limit's tokens; <see langword="null"/> for a limit on money only.</summary>
    public long? Tokens { get; }

    /// <summary>Gets what was spent, in USD; <see langword="null"/> where others share the account.</summary>
    public decimal? Spent { get; }

    /// <summary>Gets what is reserved for attempts that have not ended, in USD; <see langword="null"/> where others share the account.</summary>
    public decimal? Reserved { get; }

    /// <summary>Gets the tokens that were spent; <see langword="null"/> where others share the account.</summary>
    public long? SpentTokens { get; }

    /// <summary>Gets the tokens that are reserved for attempts that have not ended; <see langword="null"/> where others share the account.</summary>
    public long? ReservedTokens { get; }

    /// <summary>Gets when the next window begins, or a rolling one lets go of what was spent first; <see langword="null"/> for a limit for ever and for a limit on each call.</summary>
    public DateTimeOffset? ResetsAt { get; }

    private static string Describe(string model, string limit, BudgetScope scope, Expense most, BudgetBalance? balance, Expense asked, DateTimeOffset? resetsAt)
    {
        var left = balance is { } own ? $" has {Words(Floor(Expense.Left(most, own.Taken)), most)} left" : " has too little left";
        var when = resetsAt is { } time ? $"It starts anew at {time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture)}. " : "";
        return $"The limit '{limit}' ({scope}) of {Words(most, most)}{left} and an attempt on the model '{model}' may cost {Words(asked, most)}. {when}Raise the limit, set MaxOutputTokens, or use a cheaper model.";
    }

    private static Expense Floor(Expense left) => new(left.Money < Money.Zero ? Money.Zero : left.Money, Math.Max(left.Tokens, 0));

    /// <summary>Words an expense in what a limit counts.</summary>
    private static string Words(Expense expense, Expense limit)
    {
        var money = limit.Money == Money.MaxValue ? null : expense.Money.ToString();
        var tokens = limit.Tokens == long.MaxValue ? null : string.Create(CultureInfo.InvariantCulture, $"{expense.Tokens} tokens");
        return money is null || tokens is null ? money ?? tokens ?? "nothing" : $"{money} and {tokens}";
    }
}
