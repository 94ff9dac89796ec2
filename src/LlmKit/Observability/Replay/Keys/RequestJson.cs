using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Gives the canonical JSON of requests: all that changes an answer, redacted and normalised, and nothing else.</summary>
internal static class RequestJson
{
    /// <exception cref="CassetteException">It holds something that is not known, or a text that cannot be redacted.</exception>
    public static JsonObject Of(IEnumerable<ChatMessage> messages, ChatOptions? options, string? model, RequestRules rules)
    {
        var parts = new PartJson(rules.Normalize, forKey: true);
        var request = new JsonObject
        {
            ["kind"] = "chat",
            ["messages"] = new JsonArray([.. messages.Select(message => Message(message, parts, rules))]),
        };
        request.Put("model", options?.ModelId ?? model);
        if (options is null)
            return request;
        if (!string.IsNullOrEmpty(options.Instructions))
            request["instructions"] = rules.Normalize(options.Instructions);
        return request
            .Put("options", OptionsJson.Of(options, rules))
            .Put("tools", ToolJson.Of(options.Tools, rules))
            .Put("properties", Properties(options.AdditionalProperties, rules));
    }

    public static JsonObject Of(IEnumerable<string> values, EmbeddingGenerationOptions? options, string? model, RequestRules rules) => new JsonObject
    {
        ["kind"] = "embedding",
        ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(rules.Normalize(value)))]),
    }
        .Put("model", options?.ModelId ?? model)
        .Put("dimensions", options?.Dimensions is { } dimensions ? JsonValue.Create(dimensions) : null)
        .Put("properties", Properties(options?.AdditionalProperties, rules));

    private static JsonObject Message(ChatMessage message, PartJson parts, RequestRules rules) =>
        new JsonObject { ["role"] = RoleOf(message.Role), ["parts"] = new JsonArray([.. Parts([.. message.Contents.Where(IsSeen)], parts)]) }
            .Put("name", message.AuthorName is { Length: > 0 } name ? rules.Normalize(name) : null);

    // The newer name for the same.
    private static string RoleOf(ChatRole role) => string.Equals(role.Value, "developer", StringComparison.OrdinalIgnoreCase) ? "system" : role.Value;

    private static bool IsSeen(AIContent content) => content is not UsageContent && TextOf(content) is not "";

    /// <summary>Texts that stand beside each other are one: how an answer was cut into pieces is nothing a model sees.</summary>
    private static IEnumerable<JsonNode> Parts(List<AIContent> contents, PartJson parts)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            var content = contents[i];
            if (TextOf(content) is not { } first)
            {
                yield return parts.Of(content);
                continue;
            }

            var text = new StringBuilder(first);
            for (; i + 1 < contents.Count && contents[i + 1].GetType() == content.GetType(); i++)
                text.Append(TextOf(contents[i + 1]));
            yield return parts.Of(content is TextContent ? new TextContent(text.ToString()) : new TextReasoningContent(text.ToString()));
        }
    }

    private static string? TextOf(AIContent content) =>
        (content as TextContent)?.Text ?? (content as TextReasoningContent)?.Text;

    /// <summary>Gives those of the additional properties that are part of the key.</summary>
    /// <exception cref="CassetteException">One of them has no JSON.</exception>
    public static JsonObject? Properties(IEnumerable<KeyValuePair<string, object?>>? properties, RequestRules rules)
    {
        JsonObject? chosen = null;
        foreach (var (name, value) in properties ?? [])
        {
            if (rules.KeyProperties.Contains(name))
                (chosen ??= [])[name] = ValueJson.Of(value, rules.Normalize);
        }

        return chosen;
    }
}
