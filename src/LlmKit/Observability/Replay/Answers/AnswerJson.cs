using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Writes answers as JSON, redacted.</summary>
internal static class AnswerJson
{
    // What all updates of a stream have in common is written once.
    private static readonly string[] Shared = ["role", "name", "id", "response", "model", "conversation"];

    /// <exception cref="CassetteException">The answer holds something that cannot be recorded.</exception>
    public static JsonObject Of(ChatResponse response, RequestRules rules, bool keepTimes)
    {
        Refuse(response.ContinuationToken);
        var parts = new PartJson(rules.Redact, forKey: false, new(response.Messages.SelectMany(message => message.Contents), rules.Redact));
        var (properties, dropped) = ValueJson.OfProperties(response.AdditionalProperties, rules.Redact);
        return new JsonObject { ["messages"] = new JsonArray([.. response.Messages.Select(message => Message(message, parts, rules, keepTimes))]) }
            .Put("response", response.ResponseId)
            .Put("model", response.ModelId)
            .Put("conversation", response.ConversationId)
            .Put("created", keepTimes ? response.CreatedAt?.ToString("O") : null)
            .Put("finish", response.FinishReason?.Value)
            .Put("usage", UsageJson.Of(response.Usage))
            .Put("properties", properties)
            .Put("dropped", dropped);
    }

    /// <summary>Writes a stream by its updates, with the milliseconds at which they came where these are known.</summary>
    public static JsonObject Of(IReadOnlyList<ChatResponseUpdate> updates, IReadOnlyList<long>? times, RequestRules rules, bool keepTimes)
    {
        var parts = new PartJson(rules.Redact, forKey: false, new(updates.SelectMany(update => update.Contents), rules.Redact));
        var pieces = updates.Select(update => Update(update, parts, rules, keepTimes)).ToList();
        for (var i = 0; i < times?.Count; i++)
            pieces[i]["at"] = times[i];
        var answer = new JsonObject().Put("each", InEach(pieces));
        answer["updates"] = new JsonArray([.. pieces]);
        return answer;
    }

    public static JsonObject Of(GeneratedEmbeddings<Embedding<float>> embeddings, RequestRules rules)
    {
        var (properties, dropped) = ValueJson.OfProperties(embeddings.AdditionalProperties, rules.Redact);
        return new JsonObject { ["vectors"] = new JsonArray([.. embeddings.Select(embedding => VectorJson.Of(embedding.Vector.Span))]) }
            .Put("model", embeddings.FirstOrDefault()?.ModelId)
            .Put("usage", UsageJson.Of(embeddings.Usage))
            .Put("properties", properties)
            .Put("dropped", dropped);
    }

    private static JsonObject Message(ChatMessage message, PartJson parts, RequestRules rules, bool keepTimes)
    {
        var (properties, dropped) = ValueJson.OfProperties(message.AdditionalProperties, rules.Redact);
        return new JsonObject { ["role"] = message.Role.Value, ["parts"] = Parts(message.Contents, parts) }
            .Put("name", Clean(message.AuthorName, rules))
            .Put("id", message.MessageId)
            .Put("created", keepTimes ? message.CreatedAt?.ToString("O") : null)
            .Put("properties", properties)
            .Put("dropped", dropped);
    }

    private static JsonObject Update(ChatResponseUpdate update, PartJson parts, RequestRules rules, bool keepTimes)
    {
        Refuse(update.ContinuationToken);
        var (properties, dropped) = ValueJson.OfProperties(update.AdditionalProperties, rules.Redact);
        var written = Parts(update.Contents, parts);
        // Most updates are a text and nothing else.
        var text = written is [JsonObject { Count: 2 } only] && only.Text("type") == "text" ? only.Text("text") : null;
        return new JsonObject()
            .Put("text", text)
            .Put("parts", text is null && written.Count > 0 ? written : null)
            .Put("role", update.Role?.Value)
            .Put("name", Clean(update.AuthorName, rules))
            .Put("id", update.MessageId)
            .Put("response", update.ResponseId)
            .Put("model", update.ModelId)
            .Put("conversation", update.ConversationId)
            .Put("created", keepTimes ? update.CreatedAt?.ToString("O") : null)
            .Put("finish", update.FinishReason?.Value)
            .Put("properties", properties)
            .Put("dropped", dropped);
    }

    private static JsonArray Parts(IList<AIContent> contents, PartJson parts) => [.. contents.Select(parts.Of)];

    private static JsonObject? InEach(List<JsonObject> pieces)
    {
        JsonObject? each = null;
        foreach (var name in Shared)
        {
            if (pieces.Count < 2 || pieces[0].Text(name) is not { } value || !pieces.TrueForAll(piece => piece.Text(name) == value))
                continue;
            (each ??= [])[name] = value;
            pieces.ForEach(piece => piece.Remove(name));
        }

        return each;
    }

    private static string? Clean(string? name, RequestRules rules) => name is null ? null : rules.Redact(name);

    private static void Refuse(ResponseContinuationToken? token)
    {
        if (token is not null)
            throw new CassetteException("A cassette cannot hold the continuation token of a background answer. Record with ChatOptions.AllowBackgroundResponses off.");
    }
}
