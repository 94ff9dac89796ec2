using LlmKit.Control.Budgets.Ledger;

namespace LlmKit.Control.Budgets.Forecasts;

/// <summary>Draws the line from what was spent to what will be.</summary>
/// <param name="account">The account.</param>
/// <param name="since">When its first reservation was made; <see langword="null"/> when that is not known.</param>
/// <param name="recentSince">Where the recent past begins; <see langword="null"/> when it is not kept.</param>
/// <param name="now">The moment of the forecast.</param>
internal sealed class Projector(BudgetAccount account, DateTimeOffset? since, DateTimeOffset? recentSince, DateTimeOffset now)
{
    // Beyond this nobody plans, and moments come to an end.
    private const decimal MostHours = 24 * 366 * 100;
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    private bool IsRolling => account.Rolling > TimeSpan.Zero;

    private bool HasEnd => account.Until != DateTimeOffset.MaxValue;

    public BudgetProjection Project(decimal limit, decimal spent, decimal reserved, decimal recent)
    {
        var projection = new BudgetProjection
        {
            Limit = limit,
            Spent = spent,
            Reserved = reserved,
            PerHour = Elapsed() is { } elapsed ? spent / Hours(elapsed) : null,
            RecentPerHour = recentSince is { } from ? recent / Hours(now - Later(from, account.From)) : null,
        };
        return projection with
        {
            ProjectedSpend = IsRolling ? projection.Pace * Hours(account.Rolling) : HasEnd ? spent + projection.Pace * Hours(account.Until - now) : null,
            ExhaustedAt = ExhaustedAt(projection, projection.Left),
        };
    }

    /// <summary>Says when a rest is used up at a pace, unless the window ends first.</summary>
    public DateTimeOffset? ExhaustedAt(BudgetProjection projection, decimal left)
    {
        if (projection.Left == 0)
            return now;
        if (projection.Pace == 0 || left / MostHours >= projection.Pace)
            return null;
        var exhausted = now + TimeSpan.FromHours((double)(left / projection.Pace));
        return exhausted < account.Until ? exhausted : null;
    }

    private TimeSpan? Elapsed()
    {
        if (IsRolling)
            return since is { } first && now - first < account.Rolling ? now - first : account.Rolling;
        return account.From != DateTimeOffset.MinValue ? now - account.From : now - since;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static decimal Hours(TimeSpan time) => (decimal)(time > Shortest ? time : Shortest).TotalHours;
}
