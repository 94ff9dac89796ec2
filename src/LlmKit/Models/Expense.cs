namespace LlmKit.Models;

/// <summary>What an attempt uses up: money and tokens. As a limit, the most of each.</summary>
/// <remarks>Immutable. Amounts are exact, see <see cref="Models.Money"/>.</remarks>
/// <param name="Money">The money.</param>
/// <param name="Tokens">The tokens, input and output together.</param>
public readonly record struct Expense(Money Money, long Tokens)
{
    /// <summary>Gets nothing.</summary>
    public static Expense None => default;

    /// <summary>Gets the limit that nothing reaches.</summary>
    public static Expense Unlimited => new(Money.MaxValue, long.MaxValue);

    /// <summary>Adds two expenses.</summary>
    public static Expense operator +(Expense left, Expense right) => new(left.Money + right.Money, left.Tokens + right.Tokens);

    /// <summary>Subtracts an expense.</summary>
    public static Expense operator -(Expense left, Expense right) => new(left.Money - right.Money, left.Tokens - right.Tokens);

    /// <summary>Gives the smaller money and the smaller tokens of two.</summary>
    internal static Expense Least(Expense left, Expense right) =>
        new(left.Money < right.Money ? left.Money : right.Money, Math.Min(left.Tokens, right.Tokens));

    /// <summary>Whether it fits a limit beside what is taken of it already. What is not asked for is never too much: what is free fits always.</summary>
    internal bool Fits(Expense taken, Expense limit) =>
        (Money == Money.Zero || taken.Money + Money <= limit.Money) && (Tokens == 0 || taken.Tokens + Tokens <= limit.Tokens);

    /// <summary>Gives what is left of a limit; what is unlimited stays so.</summary>
    internal static Expense Left(Expense limit, Expense taken) => new(
        limit.Money == Money.MaxValue ? limit.Money : limit.Money - taken.Money,
        limit.Tokens == long.MaxValue ? limit.Tokens : limit.Tokens - taken.Tokens);
}
