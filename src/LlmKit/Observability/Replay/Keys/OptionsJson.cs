using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Gives the JSON of the options that change an answer. Identity, conversation, deadlines and raw representations are none of them.</summary>
internal static class OptionsJson
{
    public static JsonObject? Of(ChatOptions options, RequestRules rules)
    {
        var json = new JsonObject()
            .Put("temperature", Number(options.Temperature))
            .Put("top_p", Number(options.TopP))
            .Put("top_k", options.TopK is { } topK ? JsonValue.Create(topK) : null)
            .Put("seed", options.Seed is { } seed ? JsonValue.Create(seed) : null)
            .Put("max_output_tokens", options.MaxOutputTokens is { } most ? JsonValue.Create(most) : null)
            .Put("frequency_penalty", Number(options.FrequencyPenalty))
            .Put("presence_penalty", Number(options.PresencePenalty))
            .Put("stop", options.StopSequences is { Count: > 0 } stops ? new JsonArray([.. stops.Select(stop => JsonValue.Create(rules.Normalize(stop)))]) : null)
            .Put("format", Format(options.ResponseFormat, rules))
            .Put("reasoning", Reasoning(options.Reasoning));
        if (options.Tools is { Count: > 0 })
        {
            json.Put("tool_mode", Mode(options.ToolMode))
                .Put("multiple_tool_calls", options.AllowMultipleToolCalls is { } several ? JsonValue.Create(several) : null);
        }

        return json.Count > 0 ? json : null;
    }

    private static JsonObject? Format(ChatResponseFormat? format, RequestRules rules) => format switch
    {
        null => null,
        ChatResponseFormatText => new() { ["type"] = "text" },
        ChatResponseFormatJson json => new JsonObject { ["type"] = "json" }
            .Put("name", json.SchemaName)
            .Put("description", json.SchemaDescription is { } description ? rules.Normalize(description) : null)
            .Put("schema", json.Schema is { } schema ? ValueJson.Of(schema, rules.Normalize) : null),
        _ => throw Unknown("a response format", format),
    };

    private static JsonObject? Reasoning(ReasoningOptions? reasoning)
    {
        var json = new JsonObject().Put("effort", reasoning?.Effort?.ToString()).Put("output", reasoning?.Output?.ToString());
        return json.Count > 0 ? json : null;
    }

    private static JsonNode? Mode(ChatToolMode? mode) => mode switch
    {
        null => null,
        AutoChatToolMode => "auto",
        NoneChatToolMode => "none",
        RequiredChatToolMode { RequiredFunctionName: { } name } => new JsonObject { ["required"] = name },
        RequiredChatToolMode => "required",
        _ => throw Unknown("a tool mode", mode),
    };

    private static JsonValue? Number(float? number) => number is { } known ? JsonValue.Create(known) : null;

    private static CassetteException Unknown(string what, object value) =>
        new($"A cassette cannot hold {what} of the type '{value.GetType().FullName}'. Use one of Microsoft.Extensions.AI.");
}
