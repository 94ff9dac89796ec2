namespace LlmKit.Control.Budgets.Limits;

/// <summary>Says in which window of a limit a moment lies. Days begin with their first moment in the time zone, daylight saving or not.</summary>
/// <remarks>Thread-safe: the window found last is kept, for the next moment mostly lies in it too.</remarks>
internal sealed class BudgetCalendar(BudgetWindow window, TimeZoneInfo zone, DayOfWeek weekStart)
{
    private Period _last = window is BudgetWindow.Daily or BudgetWindow.Weekly or BudgetWindow.Monthly ? new(default, default) : new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    public Period PeriodOf(DateTimeOffset moment)
    {
        var last = Volatile.Read(ref _last);
        if (last.From <= moment && moment < last.Until)
            return last;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);
        var (first, next) = DaysOf(day);
        var period = new Period(BeginningOf(first), BeginningOf(next));
        Volatile.Write(ref _last, period);
        return period;
    }

    private (DateOnly First, DateOnly Next) DaysOf(DateOnly day)
    {
        switch (window)
        {
            case BudgetWindow.Weekly:
                var first = day.AddDays(-((day.DayOfWeek - weekStart + 7) % 7));
                return (first, first.AddDays(7));
            case BudgetWindow.Monthly:
                return (day.AddDays(1 - day.Day), day.AddDays(1 - day.Day).AddMonths(1));
            default:
                return (day, day.AddDays(1));
        }
    }

    private DateTimeOffset BeginningOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        // Midnight may be skipped when the clocks go forward, and come twice when they go back: the day begins after the gap, or with the first.
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>A window of time.</summary>
    /// <param name="From">Its first moment, UTC.</param>
    /// <param name="Until">The first moment of the next one, UTC.</param>
    internal sealed record Period(DateTimeOffset From, DateTimeOffset Until);
}
