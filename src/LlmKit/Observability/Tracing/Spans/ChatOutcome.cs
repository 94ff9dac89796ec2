using System.Reflection;
using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>How a traced request ended: only a failure is an error; a caller who cancels or leaves is neither error nor success.</summary>
internal readonly record struct ChatOutcome(CallStatus Status, string? ErrorType, Exception? Error)
{
    private const string TimedOut = "timeout";

    public static ChatOutcome Completed => new(CallStatus.Completed, ErrorType: null, Error: null);

    public static ChatOutcome Abandoned => new(CallStatus.Abandoned, "abandoned", Error: null);

    public bool IsFailure => Status == CallStatus.Failed;

    public static ChatOutcome From(Exception exception, LlmCall call, bool cancelled)
    {
        if (exception is not OperationCanceledException || !cancelled)
            return new(CallStatus.Failed, TypeOf(exception), exception);
        // The call's token is cancelled by the caller and by the deadline alike.
        return call.OwnRemaining == TimeSpan.Zero
            ? new(CallStatus.Failed, TimedOut, exception)
            : new(CallStatus.Cancelled, "cancelled", exception);
    }

    public static string? TypeOf(ModelFailureKind kind) => kind switch
    {
        ModelFailureKind.RateLimited => "rate_limited",
        ModelFailureKind.Overloaded => "overloaded",
        ModelFailureKind.Timeout => TimedOut,
        ModelFailureKind.Transient => "transient",
        ModelFailureKind.Unauthorized => "unauthorized",
        ModelFailureKind.InvalidRequest => "invalid_request",
        ModelFailureKind.ContextLengthExceeded => "context_length_exceeded",
        ModelFailureKind.ContentFiltered => "content_filtered",
        ModelFailureKind.QuotaExhausted => "quota_exhausted",
        ModelFailureKind.ModelNotFound => "model_not_found",
        ModelFailureKind.Truncated => "truncated",
        ModelFailureKind.Cancelled => "cancelled",
        _ => null,
    };

    private static string TypeOf(Exception exception)
    {
        if (exception.GetModelFailure() is { } failure && TypeOf(failure.Kind) is { } type)
            return type;
        while (exception is AggregateException or TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return exception.GetType().FullName ?? "_OTHER";
    }
}
