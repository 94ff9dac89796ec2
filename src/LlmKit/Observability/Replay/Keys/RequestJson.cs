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
        new JsonObject { ["role"] = message.Role.Value, ["parts"] = new JsonArray([.. Parts(message.Contents, parts)]) }
            .Put("name", message.AuthorName is { } name ? rules.Normalize(name) : null);

    /// <summary>Texts that stand beside each other are one: how an answer was cut into pieces is nothing a model sees.</summary>
    private static IEnumerable<JsonNode> Parts(IList<AIContent> contents, PartJson parts)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            var content = contents[i];
            if (TextOf(content) is not { } first)
            {
                if (content is not UsageContent)
                    yield return parts.Of(content);
                continue;
            }

            var text = new StringBuilder(first);
            for (; i + 1 < contents.Count && contents[i + 1].GetType() == content.GetType(); i++)
                text.Append(TextOf(contents[i + 1]));
            if (text.Length > 0)
                yield return parts.Of(content is TextContent ? new TextContent(text.ToString()) : new TextReasoningContent(text.ToString()));
        }
    }

    private static string? TextOf(AIContent content) =>
        content.GetType() == typeof(TextContent) ? ((TextContent)content).Text
        : content.GetType() == typeof(TextReasoningContent) ? ((TextReasoningContent)content).Text
        : null;

    private static JsonObject? Properties(AdditionalPropertiesDictionary? properties, RequestRules rules)
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
