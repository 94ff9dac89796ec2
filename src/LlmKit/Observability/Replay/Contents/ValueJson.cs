using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Turns tools' arguments and results and additional properties into JSON, every text in them cleaned, however deep.</summary>
internal static class ValueJson
{
    private const int GreatestDepth = 48;

    /// <exception cref="CassetteException">The value has no JSON.</exception>
    public static JsonNode? Of(object? value, Func<string, string> clean) => Of(value, clean, depth: 0);

    /// <summary>Gives additional properties that have JSON, and the names of those that have none.</summary>
    public static (JsonObject? Kept, JsonArray? Dropped) OfProperties(AdditionalPropertiesDictionary? properties, Func<string, string> clean)
    {
        JsonObject? kept = null;
        JsonArray? dropped = null;
        // LlmKit's own are messages between its rooms, not of the provider.
        foreach (var (name, value) in properties?.Where(property => !property.Key.StartsWith("llmkit.", StringComparison.OrdinalIgnoreCase)) ?? [])
        {
            if (TryOf(value, clean, out var node))
                (kept ??= [])[name] = node;
            else
                (dropped ??= []).Add((JsonNode?)name);
        }

        return (kept, dropped);
    }

    public static object? Read(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var truth) => truth,
        _ => Element(node),
    };

    public static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    private static bool TryOf(object? value, Func<string, string> clean, out JsonNode? node)
    {
        try
        {
            node = Of(value, clean);
            return true;
        }
        catch (CassetteException exception) when (exception.IsOfValue)
        {
            node = null;
            return false;
        }
    }

    private static JsonNode? Of(object? value, Func<string, string> clean, int depth)
    {
        if (depth > GreatestDepth)
            throw NoJson("a value nested too deep");
        return value switch
        {
            null => null,
            string text => JsonValue.Create(clean(text)),
            bool truth => JsonValue.Create(truth),
            int number => JsonValue.Create(number),
            long number => JsonValue.Create(number),
            short or byte or sbyte or ushort or uint or ulong or decimal => JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
            float number when float.IsFinite(number) => JsonValue.Create(number),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            JsonElement element => Of(element, clean, depth),
            JsonNode node => Of(Element(node), clean, depth),
            DateTime or DateTimeOffset or DateOnly or TimeOnly => JsonValue.Create(clean(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture))),
            Enum or Guid or Uri or TimeSpan or char or float or double => JsonValue.Create(clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")),
            IEnumerable<KeyValuePair<string, object?>> properties => Properties(properties, clean, depth),
            IEnumerable<string> or IEnumerable<object?> or IEnumerable<int> or IEnumerable<long> or IEnumerable<float> or IEnumerable<double> => Items((IEnumerable)value, clean, depth),
            _ => Of(Serialized(value), clean, depth),
        };
    }

    private static JsonNode? Of(JsonElement element, Func<string, string> clean, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    json[clean(property.Name)] = Of(property.Value, clean, depth + 1);
                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => Of((object?)item, clean, depth + 1))]);
            case JsonValueKind.String:
                return JsonValue.Create(clean(element.GetString()!));
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    private static JsonObject Properties(IEnumerable<KeyValuePair<string, object?>> properties, Func<string, string> clean, int depth)
    {
        var json = new JsonObject();
        foreach (var (name, value) in properties)
            json[clean(name)] = Of(value, clean, depth + 1);
        return json;
    }

    private static JsonArray Items(IEnumerable items, Func<string, string> clean, int depth)
    {
        var json = new JsonArray();
        foreach (var item in items)
            json.Add(Of(item, clean, depth + 1));
        return json;
    }

    private static JsonElement Serialized(object value)
    {
        try
        {
            if (AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var type))
                return JsonSerializer.SerializeToElement(value, type);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            // It has none, as below.
        }

        throw NoJson($"a value of the type '{value.GetType().FullName}', which has no JSON without reflection");
    }

    private static CassetteException NoJson(string what) =>
        new($"A cassette cannot hold {what}. Give tools' arguments and results as JSON, texts, numbers, lists or dictionaries.") { IsOfValue = true };
}
