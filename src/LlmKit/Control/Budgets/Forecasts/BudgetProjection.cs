namespace LlmKit;

/// <summary>How fast the money or the tokens of one account go, and when they will be gone. Money is in USD.</summary>
/// <remarks>
/// Immutable. <c>Pace</c> is the greater of <see cref="PerHour"/> and <see cref="RecentPerHour"/>, so that neither a quiet quarter of an hour nor a
/// sudden runaway hides what is to come. It is a straight line through what was spent, and knows of no nights and weekends.
/// </remarks>
public sealed record BudgetProjection
{
    /// <summary>Gets the limit.</summary>
    public required decimal Limit { get; init; }

    /// <summary>Gets what was settled in the window.</summary>
    public required decimal Spent { get; init; }

    /// <summary>Gets what is held for attempts that have not ended.</summary>
    public required decimal Reserved { get; init; }

    /// <summary>Gets the limit less what is spent and reserved, never below 0.</summary>
    public decimal Left => Math.Max(0, Limit - Spent - Reserved);

    /// <summary>Gets the part of the limit that is spent or reserved.</summary>
    /// <value>0 and up; above 1 when a settlement exceeded its reservation; 1 for a limit of 0.</value>
    public double Share => Limit > 0 ? (double)((Spent + Reserved) / Limit) : 1;

    /// <summary>Gets what the window has spent an hour: <c>Spent / hours since its beginning</c>, of at least one minute.</summary>
    /// <value>
    /// The hours count from the beginning of a day, week or month; for a limit for ever and a rolling one from the account's first
    /// reservation, and at the most the length of the rolling window. <see langword="null"/> when that is not known, as for a limit for ever after a restart.
    /// </value>
    public decimal? PerHour { get; init; }

    /// <summary>Gets what the recent past has spent an hour: the cost of calls that started in the current ten minutes by the clock and in the ten before, divided by that time.</summary>
    /// <value>10 to 20 minutes long, shorter only at the beginning of a window; <see langword="null"/> from a ledger that does not keep it.</value>
    public decimal? RecentPerHour { get; init; }

    /// <summary>Gets what will be spent when the window ends: <c>Spent + Pace · hours that remain</c>; of a rolling window what it will hold when it has moved on by its length: <c>Pace · hours of its length</c>.</summary>
    /// <value><see langword="null"/> for a limit for ever.</value>
    public decimal? ProjectedSpend { get; init; }

    /// <summary>Gets when nothing will be left: <c>now + Left / Pace</c>, for a rolling window with regard to what falls out of it until then.</summary>
    /// <value>The moment of the forecast when nothing is left already; <see langword="null"/> when the window ends first, or nothing is being spent.</value>
    public DateTimeOffset? ExhaustedAt { get; init; }

    internal decimal Pace => Math.Max(PerHour ?? 0, RecentPerHour ?? 0);
}
