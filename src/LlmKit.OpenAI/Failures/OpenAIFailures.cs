using System.ClientModel;
using System.ClientModel.Primitives;
using LlmKit.Models;

namespace LlmKit.OpenAI.Failures;

/// <summary>Says what an exception of the OpenAI SDK means. Servers that imitate OpenAI imitate its errors badly, so codes go
/// first, then what is known of their sentences, then the status.</summary>
internal static class OpenAIFailures
{
    /// <summary>Classifies an exception.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="time">The clock for a Retry-After that is a date.</param>
    /// <returns>The failure, or <see langword="null"/> for an exception that is not the SDK's: plain HTTP rules apply to it.</returns>
    internal static ModelFailure? Classify(Exception exception, TimeProvider time) => exception switch
    {
        ClientResultException { Status: 0, InnerException: null } => new() { Kind = ModelFailureKind.Transient },
        ClientResultException { Status: 0 } => null,
        ClientResultException failed => Describe(failed.Status, Body(failed.GetRawResponse()), Wait(failed.GetRawResponse(), time)),
        UnreadableAnswerException { Error: { } error } => Describe(error.Status ?? 0, error, wait: null),
        UnreadableAnswerException => new() { Kind = ModelFailureKind.Transient },
        _ => null,
    };

    private static ModelFailure Describe(int status, ErrorBody? body, TimeSpan? wait)
    {
        var kind = body is null ? ModelFailureKind.Unknown : KindOf(body, status);
        if (kind == ModelFailureKind.Unknown)
            // An error in the middle of a stream has no status of its own: the request was fine, the server was not.
            kind = status == 0 ? ModelFailureKind.Transient : ModelFailure.KindOf(status);
        return new()
        {
            Kind = kind,
            Status = status == 0 ? null : status,
            ProviderCode = body?.Code,
            RetryAfter = wait,
        };
    }

    private static ModelFailureKind KindOf(ErrorBody body, int status)
    {
        foreach (var code in body.Codes)
            if (KindOf(code) is var kind and not ModelFailureKind.Unknown)
                return kind;
        if (body.IsFlagged && status == 403) return ModelFailureKind.ContentFiltered;
        // Rate limits also speak of tokens, so a sentence decides only where the status blames the request.
        return status is 400 or 413 or 422 or 500 && SpeaksOfContext(body.Message)
            ? ModelFailureKind.ContextLengthExceeded
            : ModelFailureKind.Unknown;
    }

    private static ModelFailureKind KindOf(string code) => code.ToLowerInvariant() switch
    {
        "insufficient_quota" or "billing_hard_limit_reached" or "billing_not_active" or "quota_exceeded" or "insufficient_credits"
            => ModelFailureKind.QuotaExhausted,
        "rate_limit_exceeded" or "rate_limit_error" or "ratelimitreached" or "too_many_requests" or "toomanyrequests" or "resource_exhausted"
            => ModelFailureKind.RateLimited,
        "context_length_exceeded" or "exceed_context_size_error" => ModelFailureKind.ContextLengthExceeded,
        "content_filter" or "content_policy_violation" or "responsibleaipolicyviolation" or "moderation_blocked"
            => ModelFailureKind.ContentFiltered,
        "invalid_api_key" or "authentication_error" or "permission_error" or "permissiondenied" => ModelFailureKind.Unauthorized,
        "model_not_found" or "deploymentnotfound" or "notfounderror" => ModelFailureKind.ModelNotFound,
        "server_is_overloaded" or "engine_overloaded" or "overloaded_error" or "slow_down" or "nocapacity" or "unavailable_error" or "unavailable"
            => ModelFailureKind.Overloaded,
        "timeout" or "deadline_exceeded" => ModelFailureKind.Timeout,
        _ => ModelFailureKind.Unknown,
    };

    private static bool SpeaksOfContext(string message) =>
        message.Contains("context length", StringComparison.OrdinalIgnoreCase)
        || message.Contains("context window", StringComparison.OrdinalIgnoreCase)
        || message.Contains("context size", StringComparison.OrdinalIgnoreCase)
        || message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
        || message.Contains("maximum model length", StringComparison.OrdinalIgnoreCase);

    private static ErrorBody? Body(PipelineResponse? response)
    {
        try
        {
            return response is null ? null : ErrorBody.Parse(response.Content.ToMemory());
        }
        catch (InvalidOperationException)
        {
            return null; // The body was never read: the status has to do.
        }
    }

    private static TimeSpan? Wait(PipelineResponse? response, TimeProvider time)
    {
        return response is null ? null : RetryAfter.Read(response.Status, name => response.Headers.TryGetValue(name, out var value) ? value : null, time);
    }
}
