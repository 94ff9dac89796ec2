using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Writes stored answers as JSON and reads them back, for stores outside the process.</summary>
internal static class AnswerJson
{
    private static readonly JsonTypeInfo<AIContent> s_content = (JsonTypeInfo<AIContent>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent));

    public static void Write(Utf8JsonWriter json, CachedAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, answer.Model);
        json.WriteString("modelId"u8, answer.ModelId);
        if (answer.CreatedAt is { } created)
            json.WriteString("created"u8, created);
        json.WriteString("finish"u8, answer.FinishReason.Value);
        json.WriteStartArray("usage"u8);
        foreach (var number in new[] { answer.Usage.Input, answer.Usage.CachedInput, answer.Usage.CacheWrite, answer.Usage.Output, answer.Usage.Reasoning })
            json.WriteNumberValue(number);
        json.WriteEndArray();
        PropertiesJson.Write(json, answer.Properties);
        json.WriteBase64String("pieces"u8, answer.Pieces.Packed);
        json.WriteStartArray("messages"u8);
        foreach (var message in answer.Messages)
            Write(json, message);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads an answer back.</summary>
    /// <exception cref="JsonException">It is no answer.</exception>
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    public static CachedAnswer Read(JsonElement json)
    {
        var messages = json.GetProperty("messages"u8).EnumerateArray().Select(ReadMessage).ToArray();
        var usage = json.GetProperty("usage"u8).EnumerateArray().Select(number => Math.Max(0, number.GetInt64())).ToArray();
        if (messages.Length == 0 || usage.Length != 5)
            throw new InvalidDataException("There is no answer.");
        return new(messages, AnswerPieces.Read(json.GetProperty("pieces"u8).GetBytesFromBase64(), messages))
        {
            Model = json.GetProperty("model"u8).GetString(),
            ModelId = json.GetProperty("modelId"u8).GetString(),
            CreatedAt = json.TryGetProperty("created"u8, out var created) ? created.GetDateTimeOffset() : null,
            FinishReason = new(json.GetProperty("finish"u8).GetString() ?? throw new InvalidDataException("There is no finish reason.")),
            Usage = new() { Input = usage[0], CachedInput = usage[1], CacheWrite = usage[2], Output = usage[3], Reasoning = usage[4] },
            Properties = PropertiesJson.Read(json),
        };
    }

    private static void Write(Utf8JsonWriter json, CachedMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role.Value);
        json.WriteString("author"u8, message.AuthorName);
        PropertiesJson.Write(json, message.Properties);
        json.WriteStartArray("contents"u8);
        foreach (var content in message.Contents)
        {
            if (content.Other is { } other)
            {
                JsonSerializer.Serialize(json, other, s_content);
                continue;
            }

            json.WriteStartObject();
            json.WriteString(content.IsReasoning ? "reasoning"u8 : "text"u8, content.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static CachedMessage ReadMessage(JsonElement json) => new(
        new(json.GetProperty("role"u8).GetString() ?? throw new InvalidDataException("There is no role.")),
        json.GetProperty("author"u8).GetString(),
        [.. json.GetProperty("contents"u8).EnumerateArray().Select(ReadContent)],
        PropertiesJson.Read(json));

    private static CachedContent ReadContent(JsonElement json)
    {
        // What the library writes for itself always names its type; bare text does not.
        if (!json.TryGetProperty("$type"u8, out _))
            return json.TryGetProperty("reasoning"u8, out var reasoning) ? CachedContent.Bare(reasoning.GetString() ?? "", isReasoning: true) : CachedContent.Bare(json.GetProperty("text"u8).GetString() ?? "", isReasoning: false);
        var content = json.Deserialize(s_content) ?? throw new InvalidDataException("A content is missing.");
        content.AdditionalProperties = PropertiesJson.Plain(content.AdditionalProperties);
        return CachedContent.Of(ContentCopies.Copy(content) ?? throw new InvalidDataException("A content is of a kind that is not kept."));
    }
}
