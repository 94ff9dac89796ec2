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
        FaultKind.Unavailable => Error(503, "api_error", "Service Unavailable", facts),
        FaultKind.Overloaded => Error(529, "overloaded_error", "Overloaded", facts),
        FaultKind.Unauthorized => Error(401, "authentication_error", "invalid x-api-key", facts),
        FaultKind.ModelNotFound => Error(404, "not_found_error", $"model: {facts.Model}", facts),
        FaultKind.ContextLengthExceeded => Error(400, InvalidType,
            $"prompt is too long: {facts.Tokens} tokens > {facts.Limit} maximum", facts),
        FaultKind.PromptFiltered => Error(400, InvalidType, "Output blocked by content filtering policy", facts),
        _ => Error(500, "api_error", "Internal server error", facts),
    };

    public static WireError Invalid(string message, ErrorFacts facts) => Error(400, InvalidType, message, facts);

    private static WireError Error(int status, string type, string message, ErrorFacts facts) => new(status, new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
        ["request_id"] = "req_" + facts.RequestId,
    });
}
