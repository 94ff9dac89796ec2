using System.Globalization;
using LlmKit.Control.Budgets.Limits;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Limits;

public sealed class BudgetCalendarTests
{
    [TestCase(BudgetWindow.Daily, "UTC", "2026-01-01T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [TestCase(BudgetWindow.Weekly, "UTC", "2026-01-01T12:00:00Z", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z")]
    [TestCase(BudgetWindow.Monthly, "UTC", "2026-02-28T12:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [TestCase(BudgetWindow.Daily, "Europe/Berlin", "2026-07-01T22:30:00Z", "2026-07-01T22:00:00Z", "2026-07-02T22:00:00Z")]
    [TestCase(BudgetWindow.Monthly, "America/Los_Angeles", "2026-03-01T07:59:59Z", "2026-02-01T08:00:00Z", "2026-03-01T08:00:00Z")]
    public void PeriodOf_Moment_IsTheWindowItLiesIn(BudgetWindow window, string zone, string moment, string from, string until) =>
        Assert.That(PeriodOf(window, zone, moment), Is.EqualTo((Utc(from), Utc(until))));

    [TestCase("Europe/Berlin", "2026-03-29T12:00:00Z", 23)]
    [TestCase("Europe/Berlin", "2026-10-25T12:00:00Z", 25)]
    [TestCase("Africa/Cairo", "2026-04-24T12:00:00Z", 23)]
    [TestCase("America/Havana", "2026-11-01T12:00:00Z", 25)]
    public void PeriodOf_DayOnWhichTheClocksChange_IsAsLongAsItIs(string zone, string moment, int hours)
    {
        var (from, until) = PeriodOf(BudgetWindow.Daily, zone, moment);

        Assert.That((until - from).TotalHours, Is.EqualTo(hours));
        Assert.That(from, Is.LessThanOrEqualTo(Utc(moment)));
        Assert.That(until, Is.GreaterThan(Utc(moment)));
    }

    [Test]
    public void PeriodOf_MidnightThatDoesNotExist_BeginsWithTheFirstMomentOfTheDay() =>
        Assert.That(PeriodOf(BudgetWindow.Daily, "Africa/Cairo", "2026-04-24T12:00:00Z").From, Is.EqualTo(Utc("2026-04-23T22:00:00Z")), "the clocks go from midnight to one");

    [Test]
    public void PeriodOf_DaysOfAYear_FollowEachOtherWithoutAGap([Values("Europe/Berlin", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu")] string zone)
    {
        var calendar = Calendar(BudgetWindow.Daily, zone);
        var period = calendar.PeriodOf(Utc("2026-01-01T00:00:00Z"));
        for (var day = 0; day < 366; day++)
        {
            Assert.That(calendar.PeriodOf(period.Until.AddTicks(-1)), Is.EqualTo(period));
            var next = calendar.PeriodOf(period.Until);
            Assert.That(next.From, Is.EqualTo(period.Until));
            period = next;
        }
    }

    [Test]
    public void PeriodOf_WeekThatBeginsOnSunday_DoesSo() =>
        Assert.That(new BudgetCalendar(BudgetWindow.Weekly, TimeZoneInfo.Utc, DayOfWeek.Sunday).PeriodOf(Utc("2026-01-03T12:00:00Z")).From, Is.EqualTo(Utc("2025-12-28T00:00:00Z")));

    [TestCase(BudgetWindow.Lifetime)]
    [TestCase(BudgetWindow.Rolling)]
    public void PeriodOf_WindowThatHasNoCalendar_IsForEver(BudgetWindow window) =>
        Assert.That(PeriodOf(window, "UTC", "2026-01-03T12:00:00Z"), Is.EqualTo((DateTimeOffset.MinValue, DateTimeOffset.MaxValue)));

    private static (DateTimeOffset From, DateTimeOffset Until) PeriodOf(BudgetWindow window, string zone, string moment)
    {
        var period = Calendar(window, zone).PeriodOf(Utc(moment));
        return (period.From, period.Until);
    }

    private static BudgetCalendar Calendar(BudgetWindow window, string zone) => new(window, TimeZoneInfo.FindSystemTimeZoneById(zone), DayOfWeek.Monday);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
