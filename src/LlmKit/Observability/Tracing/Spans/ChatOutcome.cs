using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>How a traced request ended: only a failure is an error; a caller who cancels or leaves is neither error nor success.</summary>
internal readonly record struct ChatOutcome(CallStatus Status, string? ErrorType, Exception? Error)
{
    public static ChatOutcome Completed => new(CallStatus.Completed, ErrorType: null, Error: null);

    public static ChatOutcome Abandoned => new(CallStatus.Abandoned, "abandoned", Error: null);

    public bool IsFailure => Status == CallStatus.Failed;

    public static ChatOutcome From(Exception exception, LlmCall call, bool cancelled)
    {
        if (exception is not OperationCanceledException || !cancelled)
            return new(CallStatus.Failed, ErrorTypes.Of(exception), exception);
        // The call's token is cancelled by the caller and by the deadline alike.
        return call.OwnRemaining == TimeSpan.Zero
            ? new(CallStatus.Failed, FailureNames.Of(ModelFailureKind.Timeout), exception)
            : new(CallStatus.Cancelled, "cancelled", exception);
    }
}
