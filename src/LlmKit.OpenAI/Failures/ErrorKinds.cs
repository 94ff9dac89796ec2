using System.Text.RegularExpressions;
using LlmKit.Models;

namespace LlmKit.OpenAI.Failures;

/// <summary>Says what the words of an error mean.</summary>
internal static partial class ErrorKinds
{
    /// <summary>Gives what an error means.</summary>
    /// <param name="body">The error.</param>
    /// <param name="status">The status that goes with it, or 0 for one that came inside an answer and names none.</param>
    /// <returns>The kind; <see cref="ModelFailureKind.Unknown"/> where the words do not say it and the status has to.</returns>
    internal static ModelFailureKind Of(ErrorBody body, int status)
    {
        if (First(body.Codes, OfCode) is var known and not ModelFailureKind.Unknown) return known;
        if (body.IsFlagged && status == 403) return ModelFailureKind.ContentFiltered;
        if (status == 0) return OfLoneError(body);
        // Rate limits also speak of tokens, so a sentence decides only where the status blames the request.
        return status is 400 or 413 or 422 or 500 && SpeaksOfContext(body.Message) ? ModelFailureKind.ContextLengthExceeded : ModelFailureKind.Unknown;
    }

    // Without a status the vaguer words have to do: first the sentence, which says more than a type.
    private static ModelFailureKind OfLoneError(ErrorBody body) =>
        OfCode(body.Message) is var word and not ModelFailureKind.Unknown ? word
        : SpeaksOfRate(body.Message) ? ModelFailureKind.RateLimited
        : SpeaksOfContext(body.Message) ? ModelFailureKind.ContextLengthExceeded
        : MissingModel.IsMatch(body.Message) ? ModelFailureKind.ModelNotFound
        : First(body.Codes, OfType);

    private static ModelFailureKind First(IReadOnlyList<string> codes, Func<string, ModelFailureKind> kindOf) =>
        codes.Select(kindOf).FirstOrDefault(kind => kind != ModelFailureKind.Unknown);

    /// <summary>Knows the words that mean the same whatever the status.</summary>
    private static ModelFailureKind OfCode(string code) => code.ToLowerInvariant() switch
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

    /// <summary>Knows the words that stand for a whole class of errors: a status would say more.</summary>
    private static ModelFailureKind OfType(string type) => type.ToLowerInvariant() switch
    {
        "billing_error" or "budget_exceeded" => ModelFailureKind.QuotaExhausted,
        "ratelimiterror" or "throttling_error" => ModelFailureKind.RateLimited,
        "authenticationerror" or "auth_error" or "unauthorized" or "unauthenticated" or "permissiondeniederror" or "permission_denied" or "request_forbidden"
            => ModelFailureKind.Unauthorized,
        "not_found_error" or "not_found" => ModelFailureKind.ModelNotFound,
        "service_unavailable_error" or "serviceunavailableerror" => ModelFailureKind.Overloaded,
        "timeout_error" => ModelFailureKind.Timeout,
        "invalid_request_error" or "badrequesterror" or "bad_request_error" or "unprocessableentityerror" or "invalid_argument" or "failed_precondition"
            or "not_supported_error" or "notimplementederror" => ModelFailureKind.InvalidRequest,
        _ => ModelFailureKind.Unknown,
    };

    private static bool SpeaksOfContext(string message) =>
        Says(message, "context length")
        || Says(message, "context window")
        || Says(message, "context size")
        || Says(message, "prompt is too long")
        || Says(message, "maximum model length");

    private static bool SpeaksOfRate(string message) => Says(message, "rate limit") || Says(message, "too many requests");

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    // With at most the model's name between: servers also miss files and processes.
    [GeneratedRegex(@"\bmodel:? (\S+ )?(not found|does not exist)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MissingModel { get; }
}
