using System.Globalization;
using System.Text.Json;

namespace LlmKit.Models;

/// <summary>Reads a catalogue: <c>{"sources":{"key":{"url":"…","asOf":"2026-01-31"}},"models":[{"id":…,"source":"key",…}]}</c>.</summary>
internal static class CatalogueFile
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static List<CatalogueEntry> Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream, Options);
        var root = document.RootElement;
        var entries = new List<CatalogueEntry>();
        foreach (var model in root.GetProperty("models").EnumerateArray())
            entries.Add(ReadEntry(model, root));
        return entries;
    }

    private static CatalogueEntry ReadEntry(JsonElement model, JsonElement root)
    {
        var id = model.GetProperty("id").GetString() ?? throw new FormatException("A model has no id.");
        return new(
            id,
            model.GetProperty("provider").GetString() ?? throw new FormatException($"The model '{id}' has no provider."),
            ReadPrice(model, root),
            Integer(model, "contextWindow"),
            Integer(model, "maxOutputTokens"),
            ReadCapabilities(model));
    }

    private static ModelPrice? ReadPrice(JsonElement model, JsonElement root)
    {
        if (Number(model, "input") is not { } input || Number(model, "output") is not { } output)
            return null;
        var (source, asOf) = ReadSource(model, root);
        return new(input, output, Number(model, "cachedInput"), Number(model, "cacheWrite"), Number(model, "reasoning"), ReadTiers(model))
        {
            Source = source,
            AsOf = asOf,
        };
    }

    private static (string? Source, DateOnly? AsOf) ReadSource(JsonElement model, JsonElement root)
    {
        if (!model.TryGetProperty("source", out var key) || !root.TryGetProperty("sources", out var sources)
            || !sources.TryGetProperty(key.GetString() ?? "", out var source))
            return (null, null);
        var date = model.TryGetProperty("asOf", out var own) ? own : source.GetProperty("asOf");
        return (source.GetProperty("url").GetString(), DateOnly.ParseExact(date.GetString() ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static List<PriceTier>? ReadTiers(JsonElement model)
    {
        if (!model.TryGetProperty("tiers", out var tiers))
            return null;
        var list = new List<PriceTier>();
        foreach (var tier in tiers.EnumerateArray())
        {
            list.Add(new(
                tier.GetProperty("above").GetInt64(), tier.GetProperty("input").GetDecimal(), tier.GetProperty("output").GetDecimal(),
                Number(tier, "cachedInput"), Number(tier, "cacheWrite")));
        }

        return list;
    }

    private static ModelCapabilities? ReadCapabilities(JsonElement model)
    {
        if (!model.TryGetProperty("capabilities", out var names))
            return null;
        var capabilities = ModelCapabilities.None;
        foreach (var name in names.EnumerateArray())
            capabilities |= Enum.Parse<ModelCapabilities>(name.GetString() ?? "", ignoreCase: true);
        return capabilities;
    }

    private static decimal? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null;

    private static int? Integer(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
