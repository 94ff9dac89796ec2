using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>What the spending report keeps.</summary>
/// <remarks>
/// Settings: change them only while a pipeline is being configured. The pipelines of one container share one report, so that the last
/// setting wins; configuration in <c>LlmKit:&lt;pipeline&gt;:SpendingReport</c> wins over code and is read once, when the first of them is built.
/// </remarks>
public sealed class SpendingReportOptions
{
    /// <summary>Gets or sets the time zone of days, by its IANA or Windows name, such as <c>Europe/Berlin</c>.</summary>
    /// <value><c>UTC</c> by default.</value>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Gets or sets for how many days rows are kept apart, today among them. What is older is summed in one row.</summary>
    /// <value>1 to 366; 31 by default.</value>
    public int DaysKept { get; set; } = 31;

    /// <summary>Gets or sets the most rows: combinations of day, tenant, feature and model. What finds no row of its own is summed in one for its day.</summary>
    /// <value>1 to 1,000,000; 10,000 by default, some 3 megabytes.</value>
    public int MaxRows { get; set; } = 10_000;

    /// <summary>Gets or sets how long after an answer an equal request counts as a repeat: as long as a cache would keep the answer.</summary>
    /// <value>1 second to 31 days; 1 day by default.</value>
    public TimeSpan RepeatWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets or sets how many requests are remembered to recognise repeats, as keyed hashes in memory and nowhere else.</summary>
    /// <value>0 to 1,000,000; 10,000 by default, about 1 megabyte at the most. 0 looks for no repeats, and spends no time on hashing.</value>
    public int MaxRequests { get; set; } = 10_000;

    /// <summary>Gets or sets whether a request repeats one of the same user only. Requests of two tenants never repeat each other.</summary>
    /// <value><see langword="true"/> by default, as the cache keeps users apart.</value>
    public bool RepeatsPerUser { get; set; } = true;

    internal void Bind(IConfiguration section) => section.Bind(this);

    internal IEnumerable<string> Failures()
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone ?? "", out _))
            yield return $"The time zone '{TimeZone}' is unknown on this machine. Set SpendingReportOptions.TimeZone to an IANA name such as Europe/Berlin, and see that the machine has time zone data.";
        if (DaysKept is < 1 or > 366)
            yield return $"The number of days '{DaysKept}' is outside 1 to 366. Set SpendingReportOptions.DaysKept.";
        if (MaxRows is < 1 or > 1_000_000)
            yield return $"The number of rows '{MaxRows}' is outside 1 to 1000000. Set SpendingReportOptions.MaxRows.";
        if (RepeatWindow < TimeSpan.FromSeconds(1) || RepeatWindow > TimeSpan.FromDays(31))
            yield return $"The repeat window '{RepeatWindow}' is outside 1 second to 31 days. Set SpendingReportOptions.RepeatWindow.";
        if (MaxRequests is < 0 or > 1_000_000)
            yield return $"The number of requests '{MaxRequests}' is outside 0 to 1000000. Set SpendingReportOptions.MaxRequests, to 0 to look for no repeats.";
    }
}
