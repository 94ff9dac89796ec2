using System.Text.Json;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Wire.Anthropic;

/// <summary>Reads the body of a messages request.</summary>
internal static class AnthropicRequest
{
    public static ChatRequest Read(JsonElement body, string model)
    {
        ChatTurn[] turns = [.. body.Items("messages").Select(Turn)];
        if (turns.Length == 0)
            throw new WireException("messages: at least one message is required");

        if (body.ContentText("system") is { Length: > 0 } system)
            turns = [new(TurnRole.System, system, [], []), .. turns];
        return new(
            model,
            turns,
            [.. body.Items("tools").Select(Tool)],
            body.MaxTokens("max_tokens") ?? throw new WireException("max_tokens: Field required"),
            body.Flag("stream"),
            IncludesUsage: true,
            WantsJson: body.Find("output_config")?.Find("format") is not null || body.Find("output_format") is not null,
            MayCallTools: body.Find("tool_choice")?.Text("type") != "none",
            Marks(body) ? CacheControl.Marked : CacheControl.None);
    }

    private static bool Marks(JsonElement body) =>
        body.Find("cache_control") is not null
        || (body.Find("system") is { ValueKind: JsonValueKind.Array } system
            && system.EnumerateArray().Any(block => block.Find("cache_control") is not null));

    private static ChatTurn Turn(JsonElement message)
    {
        var role = message.Text("role") switch
        {
            "user" => TurnRole.User,
            "assistant" => TurnRole.Assistant,
            var other => throw new WireException($"messages: Unexpected role '{other}'. Allowed roles are 'user' or 'assistant'."),
        };
        var blocks = message.Find("content") is { ValueKind: JsonValueKind.Array } content ? content.EnumerateArray().ToArray() : [];
        return new(
            role,
            message.ContentText("content"),
            [.. blocks.Where(block => block.Text("type") == "tool_use").Select(Call)],
            [.. blocks.Where(block => block.Text("type") == "tool_result").Select(block => block.ContentText("content"))]);
    }

    private static ToolCall Call(JsonElement block) =>
        new(block.Text("name") ?? "", block.Find("input") is { } input ? JsonText.Canonical(input) : "");

    private static ToolOffer Tool(JsonElement tool) => new(
        tool.Text("name") ?? "",
        tool.Text("description") ?? "",
        tool.Find("input_schema") is { } schema ? JsonText.Canonical(schema) : "");
}
