using System.Globalization;

namespace LlmKit;

/// <summary>The money of a budget does not suffice for an attempt. Nothing was sent.</summary>
/// <remarks>It tells the figures of the caller's own account only.</remarks>
public sealed class BudgetExceededException : AttemptRefusedException
{
    internal BudgetExceededException(string model, string limit, BudgetScope scope, decimal amount, decimal spent, decimal reserved, decimal asked, DateTimeOffset? resetsAt, TimeSpan? retryAfter)
        : base(RefusalReason.Budget, model, Describe(model, limit, scope, amount, spent, reserved, asked, resetsAt))
    {
        Limit = limit;
        Scope = scope;
        Amount = amount;
        Spent = spent;
        Reserved = reserved;
        ResetsAt = resetsAt;
        RetryAfter = retryAfter;
    }

    /// <summary>Gets the limit's name.</summary>
    public string Limit { get; }

    /// <summary>Gets what shares the limit's money.</summary>
    public BudgetScope Scope { get; }

    /// <summary>Gets the limit's amount, in USD.</summary>
    public decimal Amount { get; }

    /// <summary>Gets what was spent of it, in USD.</summary>
    public decimal Spent { get; }

    /// <summary>Gets what is reserved for attempts that have not ended, in USD.</summary>
    public decimal Reserved { get; }

    /// <summary>Gets when the next window begins; <see langword="null"/> for a limit for ever.</summary>
    public DateTimeOffset? ResetsAt { get; }

    private static string Describe(string model, string limit, BudgetScope scope, decimal amount, decimal spent, decimal reserved, decimal asked, DateTimeOffset? resetsAt)
    {
        var when = resetsAt is { } time ? $"It starts anew at {time.ToString("u", CultureInfo.InvariantCulture)}. " : "";
        return string.Create(CultureInfo.InvariantCulture, $"The limit '{limit}' ({scope}) of {amount:0.######} USD has {amount - spent - reserved:0.######} left and an attempt on the model '{model}' may cost {asked:0.######}. {when}Raise the limit, set MaxOutputTokens, or use a cheaper model.");
    }
}
