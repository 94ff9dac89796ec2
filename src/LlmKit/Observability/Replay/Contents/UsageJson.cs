using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

// The counts by kind of content are experimental, and part of what a provider reported.
#pragma warning disable MEAI001

namespace LlmKit.Observability.Replay;

/// <summary>Writes and reads reported tokens.</summary>
internal static class UsageJson
{
    public static JsonObject? Of(UsageDetails? usage)
    {
        if (usage is null)
            return null;
        var json = new JsonObject()
            .Put("input", Number(usage.InputTokenCount))
            .Put("output", Number(usage.OutputTokenCount))
            .Put("total", Number(usage.TotalTokenCount))
            .Put("cached_input", Number(usage.CachedInputTokenCount))
            .Put("reasoning", Number(usage.ReasoningTokenCount))
            .Put("input_audio", Number(usage.InputAudioTokenCount))
            .Put("input_text", Number(usage.InputTextTokenCount))
            .Put("output_audio", Number(usage.OutputAudioTokenCount))
            .Put("output_text", Number(usage.OutputTextTokenCount));
        if (usage.AdditionalCounts is { Count: > 0 } counts)
            json["more"] = new JsonObject(counts.Select(count => KeyValuePair.Create<string, JsonNode?>(count.Key, JsonValue.Create(count.Value))));
        return json;
    }

    public static UsageDetails? Read(JsonNode? node)
    {
        if (node is null)
            return null;
        var json = node.Object("usage");
        return new()
        {
            InputTokenCount = Number(json, "input"),
            OutputTokenCount = Number(json, "output"),
            TotalTokenCount = Number(json, "total"),
            CachedInputTokenCount = Number(json, "cached_input"),
            ReasoningTokenCount = Number(json, "reasoning"),
            InputAudioTokenCount = Number(json, "input_audio"),
            InputTextTokenCount = Number(json, "input_text"),
            OutputAudioTokenCount = Number(json, "output_audio"),
            OutputTextTokenCount = Number(json, "output_text"),
            AdditionalCounts = json["more"] is JsonObject more ? new(more.ToDictionary(count => count.Key, count => count.Value!.GetValue<long>())) : null,
        };
    }

    private static JsonValue? Number(long? number) => number is { } known ? JsonValue.Create(known) : null;

    private static long? Number(JsonObject json, string name) => json[name]?.GetValue<long>();
}
