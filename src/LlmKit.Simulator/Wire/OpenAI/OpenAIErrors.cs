using System.Text.Json.Nodes;
using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Wire.OpenAI;

/// <summary>Errors as OpenAI words them.</summary>
internal static class OpenAIErrors
{
    public static WireError Of(FaultKind kind, ErrorFacts facts) => kind switch
    {
        FaultKind.RateLimited => Error(429,
            $"Rate limit reached for {facts.Model} on tokens per min (TPM): Limit 30000, Used 30000, Requested 1. Please try again later.",
            "tokens", "rate_limit_exceeded"),
        FaultKind.QuotaExhausted => Error(429,
            "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota"),
        FaultKind.RequestTimeout => Error(408, "The operation timed out.", "timeout", "timeout"),
        FaultKind.Conflict => Error(409, "The resource was updated by another request. Please try again.", "conflict_error", null),
        FaultKind.Unavailable => Error(503, "The engine is currently overloaded, please try again later.", "server_error", null),
        FaultKind.Overloaded => Error(529, "The engine is currently overloaded, please try again later.", "server_error", null),
        FaultKind.Unauthorized => Error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
        FaultKind.ModelNotFound => Error(404,
            $"The model `{facts.Model}` does not exist or you do not have access to it.", "invalid_request_error", "model_not_found"),
        FaultKind.InvalidRequest => Error(400,
            "Unsupported value: 'temperature' does not support 0.2 with this model.", "invalid_request_error", "unsupported_value", "temperature"),
        FaultKind.ContextLengthExceeded => Error(400,
            $"This model's maximum context length is {facts.Limit} tokens. However, your messages resulted in {facts.Tokens} tokens. Please reduce the length of the messages.",
            "invalid_request_error", "context_length_exceeded", "messages"),
        FaultKind.PromptFiltered => Error(400,
            "The response was filtered due to the prompt triggering the content management policy. Please modify your prompt and retry.",
            "invalid_request_error", "content_filter", "prompt"),
        _ => Error(500, "The server had an error while processing your request. Sorry about that!", "server_error", null),
    };

    public static WireError Invalid(string message) => Error(400, message, "invalid_request_error", null);

    /// <summary>An error as routers of several providers word it: the code is a number, which the response's own status need not repeat.</summary>
    public static JsonObject Routed(int status) => new()
    {
        ["code"] = status,
        ["message"] = "Provider returned error",
        ["metadata"] = new JsonObject { ["provider_name"] = "simulator" },
    };

    private static WireError Error(int status, string message, string type, string? code, string? param = null) => new(status, new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = code },
    });
}
