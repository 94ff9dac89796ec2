using LlmKit.AspNetCore.Problems;
using LlmKit.Control.Guardrails;
using LlmKit.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace LlmKit.AspNetCore;

/// <summary>Tells exceptions of pipelines as problem details (RFC 9457).</summary>
/// <remarks>
/// The words are fixed: no message of an exception, no prompt, limit, amount or model's name. <c>type</c> is
/// <c>urn:llmkit:problem:</c> and the <c>code</c>; <c>callId</c> leads to the call's trace; <c>retryAfter</c> is in whole seconds, rounded up.
/// </remarks>
public static class LlmProblems
{
    /// <summary>Gives the problem behind an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="context">The request, which tells somebody who is not signed in from an account without a tenant; optional.</param>
    /// <returns>
    /// The problem; <see langword="null"/> for an exception that did not come from a pipeline, that wraps one which did, or that is a mistake
    /// in the service itself, such as an <see cref="LlmConfigurationException"/>.
    /// </returns>
    public static ProblemDetails? Of(Exception exception, HttpContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (!IsOurs(exception) || KindOf(exception, context) is not { } kind)
            return null;
        var problem = kind.ToDetails();
        if (exception.GetCall() is { } call)
            problem.Extensions["callId"] = call.Id;
        if (RetryAfterOf(exception) is { } wait && kind.Status is 402 or 429 or 503)
            problem.Extensions["retryAfter"] = (long)Math.Ceiling(Math.Max(wait.TotalSeconds, 0));
        return problem;
    }

    // A provider's exception comes as it is and has its call attached. One that wraps it is somebody else's to tell.
    private static bool IsOurs(Exception exception) =>
        exception is LlmException || (exception.GetCall() is not null && exception.InnerException?.GetCall() is null);

    private static LlmProblem? KindOf(Exception exception, HttpContext? context) => exception switch
    {
        MissingIdentityException => context?.User.Identity is { IsAuthenticated: true } ? LlmProblem.Unnamed : LlmProblem.Unauthenticated,
        AttemptRefusedException refused => KindOf(refused),
        GuardrailBlockedException blocked => (blocked.Rail & Rail.Request) != Rail.None ? LlmProblem.BlockedRequest : LlmProblem.BlockedAnswer,
        IdempotencyConflictException => LlmProblem.KeyConflict,
        NoMajorityException or DraftRejectedException => LlmProblem.Uncertain,
        AttemptsExhaustedException several => KindOf(several, context),
        RepeatedFailureException { InnerException: { } first } when KindOf(first, context) is { } kind => kind,
        OperationCanceledException when exception.GetModelFailure()?.Kind != ModelFailureKind.Timeout => null,
        _ => exception.GetModelFailure() is { } failure ? KindOf(failure.Kind) : null,
    };

    private static LlmProblem KindOf(AttemptRefusedException refused) => refused.Reason switch
    {
        // A ledger that failed is not a budget that is used up.
        RefusalReason.Budget => refused.InnerException is null ? LlmProblem.Budget : LlmProblem.Unavailable,
        RefusalReason.Limit => LlmProblem.RateLimit,
        RefusalReason.CircuitOpen => LlmProblem.Unavailable,
        _ => LlmProblem.NotServed,
    };

    /// <summary>What all attempts ended with; where they differ, somebody may come back for another try.</summary>
    private static LlmProblem KindOf(AttemptsExhaustedException several, HttpContext? context)
    {
        var kinds = several.Failures.Select(failure => KindOf(failure, context) ?? LlmProblem.Unavailable).Distinct().ToList();
        return kinds.Count == 1 ? kinds[0] : LlmProblem.Unavailable;
    }

    private static LlmProblem? KindOf(ModelFailureKind kind) => kind switch
    {
        ModelFailureKind.RateLimited => LlmProblem.RateLimit,
        ModelFailureKind.Overloaded or ModelFailureKind.Transient => LlmProblem.Unavailable,
        ModelFailureKind.Timeout => LlmProblem.Timeout,
        ModelFailureKind.ContextLengthExceeded => LlmProblem.TooLong,
        ModelFailureKind.ContentFiltered => LlmProblem.Filtered,
        ModelFailureKind.Truncated => LlmProblem.Incomplete,
        ModelFailureKind.Cancelled => null,
        _ => LlmProblem.ModelFailed,
    };

    private static TimeSpan? RetryAfterOf(Exception exception) => exception switch
    {
        AttemptRefusedException refused => refused.RetryAfter,
        AttemptsExhaustedException several => several.RetryAfter,
        RepeatedFailureException { InnerException: { } first } => RetryAfterOf(first),
        _ => exception.GetModelFailure()?.RetryAfter,
    };
}
