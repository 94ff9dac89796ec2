namespace LlmKit.Models;

/// <summary>The words by which telemetry knows kinds of failures.</summary>
internal static class FailureNames
{
    /// <summary>What stands for an error that is of no known kind.</summary>
    public const string Other = "_OTHER";

    /// <summary>Gives the word of a kind.</summary>
    public static string Of(ModelFailureKind kind) => kind switch
    {
        ModelFailureKind.RateLimited => "rate_limited",
        ModelFailureKind.Overloaded => "overloaded",
        ModelFailureKind.Timeout => "timeout",
        ModelFailureKind.Transient => "transient",
        ModelFailureKind.Unauthorized => "unauthorized",
        ModelFailureKind.InvalidRequest => "invalid_request",
        ModelFailureKind.ContextLengthExceeded => "context_length_exceeded",
        ModelFailureKind.ContentFiltered => "content_filtered",
        ModelFailureKind.QuotaExhausted => "quota_exhausted",
        ModelFailureKind.ModelNotFound => "model_not_found",
        ModelFailureKind.Truncated => "truncated",
        ModelFailureKind.Cancelled => "cancelled",
        _ => Other,
    };
}
