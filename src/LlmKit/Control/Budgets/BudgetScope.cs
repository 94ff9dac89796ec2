namespace LlmKit;

/// <summary>What shares the money of one limit.</summary>
public enum BudgetScope
{
    /// <summary>All calls together.</summary>
    Global = 0,

    /// <summary>Each tenant has the amount.</summary>
    Tenant,

    /// <summary>Each user of a tenant has the amount.</summary>
    User,

    /// <summary>Each feature has the amount.</summary>
    Feature,

    /// <summary>Each registered model has the amount.</summary>
    Model,

    /// <summary>Each call has the amount, all its attempts together.</summary>
    Call,
}
