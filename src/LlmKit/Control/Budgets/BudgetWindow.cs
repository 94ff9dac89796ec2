namespace LlmKit;

/// <summary>The time over which a budget counts. A call belongs to the window in which it started.</summary>
public enum BudgetWindow
{
    /// <summary>For ever.</summary>
    Lifetime = 0,

    /// <summary>A calendar day, UTC.</summary>
    Daily,

    /// <summary>A calendar month, UTC.</summary>
    Monthly,
}
