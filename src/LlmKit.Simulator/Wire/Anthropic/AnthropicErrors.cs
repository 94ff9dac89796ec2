using System.Text.Json.Nodes;
using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Wire.Anthropic;

/// <summary>Errors as Anthropic words them.</summary>
internal static class AnthropicErrors
{
    private const string InvalidType = "invalid_request_error";

    public static WireError Of(FaultKind kind, ErrorFacts facts) => kind switch
    {
        FaultKind.RateLimited => Error(429, "rate_limit_error",
            "This request would exceed your organization's rate limit of 30,000 input tokens per minute. Please try again later.", facts),
        FaultKind.QuotaExhausted => Error(400, InvalidType,
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.", facts),
        FaultKind.RequestTimeout => Error(408, "timeout_error", "Request timed out", facts),
        FaultKind.Conflict => Error(409, "conflict_error", "The request conflicts with another one.", facts),
        FaultKind.Unavailable => Error(503, "api_error", "Service Unavailable", facts),
        FaultKind.Overloaded => Error(529, "overloaded_error", "Overloaded", facts),
        FaultKind.Unauthorized => Error(401, "authentication_error", "invalid x-api-key", facts),
        FaultKind.ModelNotFound => Error(404, "not_found_error", $"model: {facts.Model}", facts),
        FaultKind.InvalidRequest => Error(400, InvalidType, "temperature: Extra inputs are not permitted", facts),
        FaultKind.ContextLengthExceeded => Error(400, InvalidType,
            $"prompt is too long: {facts.Tokens} tokens > {facts.Limit} maximum", facts),
        FaultKind.PromptFiltered => Error(400, InvalidType, "Output blocked by content filtering policy", facts),
        _ => Error(500, "api_error", "Internal server error", facts),
    };

    public static WireError Invalid(string message, ErrorFacts facts) => Error(400, InvalidType, message, facts);

    /// <summary>The error that a status stands for, where the response's own status is another.</summary>
    public static JsonNode Named(int status, ErrorFacts facts) => Error(status, TypeOf(status), "Provider returned error", facts).Body;

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        < 500 => InvalidType,
        _ => "api_error",
    };

    private static WireError Error(int status, string type, string message, ErrorFacts facts) => new(status, new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
        ["request_id"] = "req_" + facts.RequestId,
    });
}
