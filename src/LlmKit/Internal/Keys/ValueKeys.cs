using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Keys;

/// <summary>Hashes loose values: JSON, arguments, additional properties. The order of properties and white space do not count.</summary>
internal static class ValueKeys
{
    private const int GreatestDepth = 64;

    public static void Write(KeyWriter key, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(key, json);
                break;
            case JsonValueKind.Array:
                key.Tag('a');
                foreach (var item in json.EnumerateArray())
                    Write(key, item);
                key.Tag('.');
                break;
            case JsonValueKind.String:
                key.Tag('s');
                key.Text(json.GetString());
                break;
            case JsonValueKind.Number:
                key.Tag('n');
                key.Text(json.GetRawText());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                key.Tag('b');
                key.Flag(json.GetBoolean());
                break;
            default:
                key.Tag('0');
                break;
        }
    }

    /// <summary>Writes additional properties, but not those that are LlmKit's own: identity is written by itself.</summary>
    public static void WriteProperties(KeyWriter key, IReadOnlyDictionary<string, object?>? properties, string? except = null)
    {
        key.Tag('{');
        if (properties is { Count: > 0 })
        {
            foreach (var (name, value) in Sorted(properties))
            {
                if (except is null || !name.StartsWith(except, StringComparison.OrdinalIgnoreCase))
                    WriteProperty(key, name, value, asJson: false, depth: 0);
            }
        }

        key.Tag('}');
    }

    /// <summary>Writes a value that providers get as JSON.</summary>
    public static void WriteJsonLike(KeyWriter key, object? value) => Write(key, value, asJson: true, depth: 0);

    /// <summary>Writes what can be told of a value whose meaning is not known: its type, and its JSON where it has one.</summary>
    public static void WriteUnknown(KeyWriter key, object value, Type contract)
    {
        key.Tag('?');
        key.Text(value.GetType().FullName);
        TryWriteJson(key, value, contract);
    }

    private static void WriteObject(KeyWriter key, JsonElement json)
    {
        key.Tag('o');
        foreach (var property in json.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            key.Tag(',');
            key.Text(property.Name);
            Write(key, property.Value);
        }

        key.Tag('.');
    }

    private static void Write(KeyWriter key, object? value, bool asJson, int depth)
    {
        if (depth > GreatestDepth)
        {
            key.Fail("values nested too deep");
            return;
        }

        switch (value)
        {
            case null:
                key.Tag('0');
                break;
            case string text:
                key.Tag('s');
                key.Text(text);
                break;
            case bool flag:
                key.Tag('b');
                key.Flag(flag);
                break;
            case JsonElement json:
                Write(key, json);
                break;
            case JsonNode node:
                using (var document = JsonDocument.Parse(node.ToJsonString()))
                    Write(key, document.RootElement);
                break;
            case byte[] data:
                key.Tag('d');
                key.Data(data);
                break;
            case Enum or Guid or Uri or DateTime or DateTimeOffset or TimeSpan or char:
                key.Tag('v');
                key.Text(value.GetType().FullName);
                key.Text(Convert.ToString(value is DateTimeOffset or DateTime ? ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture) : value, CultureInfo.InvariantCulture));
                break;
            case IFormattable number when value.GetType().IsPrimitive || value is decimal:
                key.Tag('n');
                key.Text(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                WriteCollection(key, value, asJson, depth);
                break;
        }
    }

    private static void WriteCollection(KeyWriter key, object value, bool asJson, int depth)
    {
        switch (value)
        {
            case IEnumerable<KeyValuePair<string, object?>> properties:
                key.Tag('o');
                foreach (var (name, item) in Sorted(properties))
                    WriteProperty(key, name, item, asJson, depth + 1);
                key.Tag('.');
                break;
            case IEnumerable<string> or IEnumerable<object?> or IEnumerable<int> or IEnumerable<float> or IEnumerable<double>:
                key.Tag('a');
                foreach (var item in (IEnumerable)value)
                    Write(key, item, asJson, depth + 1);
                key.Tag('.');
                break;
            default:
                WriteObject(key, value, asJson);
                break;
        }
    }

    private static void WriteObject(KeyWriter key, object value, bool asJson)
    {
        // Outside of JSON, what an adapter reads from an object of its own cannot be known.
        if (!asJson)
        {
            WriteUnknown(key, value, typeof(object));
            key.Fail("an additional property of an unknown type");
        }
        else if (!TryWriteJson(key, value, typeof(object)))
            key.Fail("a tool value that is not JSON");
    }

    private static bool TryWriteJson(KeyWriter key, object value, Type contract)
    {
        try
        {
            Write(key, JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(contract)));
            return true;
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void WriteProperty(KeyWriter key, string name, object? value, bool asJson, int depth)
    {
        key.Tag(',');
        key.Text(name);
        Write(key, value, asJson, depth);
    }

    private static IOrderedEnumerable<KeyValuePair<string, object?>> Sorted(IEnumerable<KeyValuePair<string, object?>> properties) =>
        properties.OrderBy(property => property.Key, StringComparer.Ordinal);
}
