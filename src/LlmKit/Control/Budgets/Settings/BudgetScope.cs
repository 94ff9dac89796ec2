namespace LlmKit;

/// <summary>What shares one limit.</summary>
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

    /// <summary>Each value of the tag <see cref="BudgetLimit.Tag"/> has the amount.</summary>
    Tag,

    /// <summary>Each provider has the amount, all its models together; models whose provider is not known share one.</summary>
    Provider,

    /// <summary>Each <see cref="LlmInteraction"/> has the amount, all its calls together. A call outside any has no such limit.</summary>
    Interaction,
}
