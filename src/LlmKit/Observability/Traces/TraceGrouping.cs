namespace LlmKit.Observability.Traces;

/// <summary>By what records are summed up.</summary>
/// <param name="By">What tells groups apart.</param>
/// <param name="Every">How long a stretch of time is, of which each has its own groups, counted from midnight UTC of 0001-01-01; <see langword="null"/> for one over all time.</param>
public sealed record TraceGrouping(TraceGroupBy By = TraceGroupBy.Nothing, TimeSpan? Every = null)
{
    /// <summary>The most groups of their own; what exceeds them is summed up under the name <c>_other</c>, for each stretch of time as far as that is as many again, the rest without a stretch.</summary>
    public const int MostGroups = 10_000;
}

/// <summary>What tells groups of records apart.</summary>
public enum TraceGroupBy
{
    /// <summary>Nothing: one group.</summary>
    Nothing = 0,

    /// <summary>The tenant.</summary>
    Tenant,

    /// <summary>The call site.</summary>
    Feature,

    /// <summary>The registered model that answered.</summary>
    Model,

    /// <summary>How it ended.</summary>
    Status,

    /// <summary>The class of the error.</summary>
    ErrorType,

    /// <summary>The prompt, with its version.</summary>
    Prompt,
}
