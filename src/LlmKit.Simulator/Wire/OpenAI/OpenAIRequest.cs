using System.Text.Json;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Wire.OpenAI;

/// <summary>Reads the body of a chat completion request.</summary>
internal static class OpenAIRequest
{
    public static ChatRequest Read(JsonElement body, string model)
    {
        ChatTurn[] turns = [.. body.Items("messages").Select(Turn)];
        if (turns.Length == 0)
            throw new WireException("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.");

        return new(
            model,
            turns,
            [.. body.Items("tools").Select(tool => tool.Find("function")).OfType<JsonElement>().Select(Tool)],
            body.MaxTokens("max_completion_tokens") ?? body.MaxTokens("max_tokens"),
            body.Flag("stream"),
            body.Find("stream_options")?.Flag("include_usage") ?? false,
            body.Find("response_format")?.Text("type") is "json_schema" or "json_object",
            body.Find("tool_choice") is not { ValueKind: JsonValueKind.String } choice || choice.GetString() != "none",
            CacheControl.Automatic);
    }

    private static ChatTurn Turn(JsonElement message)
    {
        var text = message.ContentText("content");
        return message.Text("role") switch
        {
            "system" or "developer" => new(TurnRole.System, text, [], []),
            "user" => new(TurnRole.User, text, [], []),
            "assistant" => new(TurnRole.Assistant, text, [.. message.Items("tool_calls").Select(Call)], []),
            "tool" => new(TurnRole.Tool, "", [], [text]),
            var role => throw new WireException($"Invalid value: '{role}'. Supported values are: 'system', 'developer', 'user', 'assistant' and 'tool'."),
        };
    }

    private static ToolCall Call(JsonElement call)
    {
        var function = call.Find("function") ?? throw new WireException("Missing required parameter: 'tool_calls[].function'.");
        return new(function.Text("name") ?? "", JsonText.Canonical(function.Text("arguments") ?? ""));
    }

    private static ToolOffer Tool(JsonElement function) => new(
        function.Text("name") ?? "",
        function.Text("description") ?? "",
        function.Find("parameters") is { } schema ? JsonText.Canonical(schema) : "");
}
