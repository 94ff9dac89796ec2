using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Makes answers anew from their JSON: each replay has objects of its own.</summary>
/// <remarks>Methods throw <see cref="FormatException"/> or <see cref="InvalidOperationException"/> for JSON that is no answer.</remarks>
internal static class AnswerReading
{
    public static bool IsStream(JsonObject answer) => answer.ContainsKey("updates");

    /// <summary>Whether there is anything beside an error.</summary>
    public static bool HasContent(JsonObject answer) => IsStream(answer) || answer.ContainsKey("messages") || answer.ContainsKey("vectors");

    public static ChatResponse Response(JsonObject answer)
    {
        if (IsStream(answer))
            return Updates(answer).Select(piece => piece.Update).ToChatResponse();
        return new([.. Items(answer, "messages").Select(message => Message(message.Object("a message")))])
        {
            ResponseId = answer.Text("response"),
            ModelId = answer.Text("model"),
            ConversationId = answer.Text("conversation"),
            CreatedAt = Time(answer),
            FinishReason = Finish(answer),
            Usage = UsageJson.Read(answer["usage"]),
            AdditionalProperties = PartReading.Properties(answer["properties"]),
        };
    }

    /// <summary>Gives the updates of a stream, or those that a plain answer makes, with the milliseconds at which they came.</summary>
    public static IReadOnlyList<(ChatResponseUpdate Update, long At)> Updates(JsonObject answer)
    {
        if (!IsStream(answer))
            return HasContent(answer) ? [.. Response(answer).ToChatResponseUpdates().Select(update => (update, 0L))] : [];
        var each = answer["each"] as JsonObject;
        return [.. Items(answer, "updates").Select(update => Update(update.Object("an update"), each))];
    }

    public static GeneratedEmbeddings<Embedding<float>> Embeddings(JsonObject answer)
    {
        var model = answer.Text("model");
        return new(Items(answer, "vectors").Select(vector => new Embedding<float>(VectorJson.Read(vector)) { ModelId = model }))
        {
            Usage = UsageJson.Read(answer["usage"]),
            AdditionalProperties = PartReading.Properties(answer["properties"]),
        };
    }

    private static ChatMessage Message(JsonObject json) => new(new ChatRole(json.Text("role") ?? "assistant"), Parts(json["parts"]))
    {
        AuthorName = json.Text("name"),
        MessageId = json.Text("id"),
        CreatedAt = Time(json),
        AdditionalProperties = PartReading.Properties(json["properties"]),
    };

    private static (ChatResponseUpdate Update, long At) Update(JsonObject json, JsonObject? each)
    {
        var contents = json.Text("text") is { } text ? [new TextContent(text)] : Parts(json["parts"]);
        var update = new ChatResponseUpdate(Own("role") is { } role ? new ChatRole(role) : null, contents)
        {
            AuthorName = Own("name"),
            MessageId = Own("id"),
            ResponseId = Own("response"),
            ModelId = Own("model"),
            ConversationId = Own("conversation"),
            CreatedAt = Time(json),
            FinishReason = Finish(json),
            AdditionalProperties = PartReading.Properties(json["properties"]),
        };
        return (update, At(json));

        string? Own(string name) => json.Text(name) ?? each?.Text(name);
    }

    private static long At(JsonObject json) => json["at"]?.GetValue<long>() switch
    {
        null => 0,
        >= 0 and <= int.MaxValue and var at => at,
        var at => throw new FormatException($"'{at}' is no time in milliseconds"),
    };

    private static List<AIContent> Parts(JsonNode? node) => node is JsonArray parts ? [.. parts.Select(PartReading.Read)] : [];

    private static JsonArray Items(JsonObject answer, string name) =>
        answer[name] as JsonArray ?? throw new FormatException($"an answer has no '{name}'");

    private static ChatFinishReason? Finish(JsonObject json) => json.Text("finish") is { } reason ? new(reason) : null;

    private static DateTimeOffset? Time(JsonObject json) =>
        json.Text("created") is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) : null;
}
