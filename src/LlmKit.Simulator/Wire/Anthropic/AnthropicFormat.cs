using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Wire.Anthropic;

/// <summary>Anthropic's messages.</summary>
internal sealed class AnthropicFormat : IWireFormat
{
    public string RequestIdHeader => "request-id";

    public (string Remaining, string Reset) TokenLimitHeaders => ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset");

    public (string Remaining, string Reset) RequestLimitHeaders => ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset");

    public string LimitReset(TimeSpan delay, DateTimeOffset now) => (now + delay).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public string? KeyOf(HttpRequest request) => BearerKey.Of(request, "x-api-key");

    public ChatRequest ReadChat(JsonElement body, string model) => AnthropicRequest.Read(body, model);

    public WireError Error(FaultKind kind, ErrorFacts facts) => AnthropicErrors.Of(kind, facts);

    public WireError Invalid(string message, ErrorFacts facts) => AnthropicErrors.Invalid(message, facts);

    public JsonNode ErrorAsAnswer(int status, ErrorFacts facts) => AnthropicErrors.Named(status, facts);

    public JsonNode ErrorFinish(int status, ErrorFacts facts) => AnthropicErrors.Named(status, facts);

    public JsonNode Plain(ChatAnswer answer, AnswerFacts facts) =>
        Message(facts, Content(answer, facts), StopReasonOf(answer.Finish), facts.Usage);

    public IStreamFormat Stream(ChatAnswer answer, AnswerFacts facts) => new AnthropicStream(answer, facts);

    public static JsonObject Message(AnswerFacts facts, JsonArray content, string? stopReason, TokenCounts usage) => new()
    {
        ["id"] = "msg_" + facts.Id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = facts.Model,
        ["content"] = content,
        ["stop_reason"] = stopReason,
        ["stop_sequence"] = null,
        ["usage"] = Usage(usage),
    };

    /// <summary>Anthropic's <c>input_tokens</c> leave out what the prompt cache read and took in.</summary>
    public static JsonObject Usage(TokenCounts usage) => new()
    {
        ["input_tokens"] = usage.Input - usage.CachedInput - usage.CacheWrites,
        ["cache_creation_input_tokens"] = usage.CacheWrites,
        ["cache_read_input_tokens"] = usage.CachedInput,
        ["output_tokens"] = usage.Output,
        ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = usage.Reasoning },
        ["service_tier"] = "standard",
    };

    public static string StopReasonOf(FinishReason finish) => finish switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCall => "tool_use",
        FinishReason.Refused or FinishReason.Filtered => "refusal",
        _ => "end_turn",
    };

    /// <summary>A content block, empty where its text or input is streamed after it.</summary>
    public static JsonObject Block(ChatAnswer answer, AnswerFacts facts, bool isEmpty) => answer.ToolCall is { } call
        ? new()
        {
            ["type"] = "tool_use",
            ["id"] = "toolu_" + facts.Id,
            ["name"] = call.Name,
            ["input"] = isEmpty ? new JsonObject() : JsonNode.Parse(call.Arguments),
        }
        : new() { ["type"] = "text", ["text"] = isEmpty ? "" : answer.Text };

    private static JsonArray Content(ChatAnswer answer, AnswerFacts facts) =>
        answer.Body.Length == 0 ? [] : [Block(answer, facts, isEmpty: false)];
}
