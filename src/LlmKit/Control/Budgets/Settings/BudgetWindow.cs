namespace LlmKit;

/// <summary>The time over which a budget counts. A call belongs to the window in which it started.</summary>
public enum BudgetWindow
{
    /// <summary>For ever.</summary>
    Lifetime = 0,

    /// <summary>A calendar day in <see cref="BudgetOptions.TimeZone"/>.</summary>
    Daily,

    /// <summary>A calendar month in <see cref="BudgetOptions.TimeZone"/>.</summary>
    Monthly,

    /// <summary>A calendar week in <see cref="BudgetOptions.TimeZone"/>, from <see cref="BudgetOptions.WeekStart"/> on.</summary>
    Weekly,

    /// <summary>The last <see cref="BudgetLimit.Length"/> before each call: what was spent falls out of it bit by bit, in sixtieths of its length.</summary>
    Rolling,
}
