using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Wire.OpenAI;

/// <summary>OpenAI's chat completions, and Azure's dialect of them.</summary>
internal sealed class OpenAIFormat : IWireFormat
{
    public string RequestIdHeader => "x-request-id";

    public (string Remaining, string Reset) TokenLimitHeaders => ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");

    public (string Remaining, string Reset) RequestLimitHeaders => ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");

    public string LimitReset(TimeSpan delay, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)delay.TotalMinutes}m{delay.TotalSeconds % 60:0.###}s");

    public string? KeyOf(HttpRequest request) => BearerKey.Of(request, "api-key");

    public ChatRequest ReadChat(JsonElement body, string model) => OpenAIRequest.Read(body, model);

    public WireError Error(FaultKind kind, ErrorFacts facts) =>
        facts.IsAzure ? AzureErrors.Of(kind, facts) : OpenAIErrors.Of(kind, facts);

    public WireError Invalid(string message, ErrorFacts facts) => OpenAIErrors.Invalid(message);

    public JsonNode ErrorAsAnswer(int status, ErrorFacts facts) => new JsonObject { ["error"] = OpenAIErrors.Routed(status) };

    public JsonNode ErrorFinish(int status, ErrorFacts facts) => new JsonObject
    {
        ["id"] = "chatcmpl-" + facts.RequestId,
        ["object"] = "chat.completion",
        ["model"] = facts.Model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "" },
            ["finish_reason"] = "error",
            ["error"] = OpenAIErrors.Routed(status),
        }),
    };

    public JsonNode Plain(ChatAnswer answer, AnswerFacts facts) => new JsonObject
    {
        ["id"] = "chatcmpl-" + facts.Id,
        ["object"] = "chat.completion",
        ["created"] = facts.Created,
        ["model"] = facts.Model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = Message(answer, facts),
            ["logprobs"] = null,
            ["finish_reason"] = FinishOf(answer.Finish),
        }),
        ["usage"] = Usage(facts.Usage),
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_simulator",
    };

    public IStreamFormat Stream(ChatAnswer answer, AnswerFacts facts) => new OpenAIStream(answer, facts);

    public static string FinishOf(FinishReason finish) => finish switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCall => "tool_calls",
        FinishReason.Filtered => "content_filter",
        _ => "stop",
    };

    public static JsonObject Usage(TokenCounts usage) => new()
    {
        ["prompt_tokens"] = usage.Input,
        ["completion_tokens"] = usage.Output,
        ["total_tokens"] = usage.Input + usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInput, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject
        {
            ["reasoning_tokens"] = usage.Reasoning,
            ["audio_tokens"] = 0,
            ["accepted_prediction_tokens"] = 0,
            ["rejected_prediction_tokens"] = 0,
        },
    };

    private static JsonObject Message(ChatAnswer answer, AnswerFacts facts)
    {
        var isRefusal = answer.Finish == FinishReason.Refused;
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = isRefusal || answer.ToolCall is not null ? null : answer.Text,
            ["refusal"] = isRefusal ? answer.Text : null,
        };
        if (answer.ToolCall is { } call)
        {
            message["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = "call_" + facts.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            });
        }

        return message;
    }
}
