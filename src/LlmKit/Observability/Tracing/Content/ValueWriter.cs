using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes tools' arguments and results as JSON, every string in them redacted and cut, however deep.</summary>
internal static class ValueWriter
{
    private const int GreatestDepth = 32;

    // As the mark of a text that is cut, so that nobody takes the rest for the whole.
    private const string NoRoom = "… [cut, no room]";

    public static void Write(Utf8JsonWriter writer, ContentScope scope, object? value, int depth = 0)
    {
        if (depth > GreatestDepth || scope.IsFull(writer))
        {
            writer.WriteStringValue(NoRoom);
            return;
        }

        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                scope.Value(writer, text);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int or long or short or byte or uint or ulong or ushort or sbyte or decimal:
                writer.WriteNumberValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                break;
            case double or float:
                Number(writer, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case JsonElement json:
                Json(writer, scope, json, depth);
                break;
            case IDictionary<string, object?> properties:
                Properties(writer, scope, properties, depth);
                break;
            case IEnumerable items when value is not JsonNode:
                Items(writer, scope, items, depth);
                break;
            default:
                Other(writer, scope, value, depth);
                break;
        }
    }

    private static void Json(Utf8JsonWriter writer, ContentScope scope, JsonElement json, int depth)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject())
                {
                    var isLast = scope.IsFull(writer);
                    scope.PropertyName(writer, property.Name);
                    Write(writer, scope, property.Value, depth + 1);
                    if (isLast)
                        break;
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                Items(writer, scope, json.EnumerateArray(), depth);
                break;
            case JsonValueKind.String:
                scope.Value(writer, json.GetString()!);
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    private static void Properties(Utf8JsonWriter writer, ContentScope scope, IDictionary<string, object?> properties, int depth)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            var isLast = scope.IsFull(writer);
            scope.PropertyName(writer, name);
            Write(writer, scope, value, depth + 1);
            if (isLast)
                break;
        }

        writer.WriteEndObject();
    }

    private static void Items(Utf8JsonWriter writer, ContentScope scope, IEnumerable items, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            var isLast = scope.IsFull(writer);
            Write(writer, scope, item, depth + 1);
            if (isLast)
                break;
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes an object of the application's by the metadata that Microsoft.Extensions.AI has of it; without any, its type.</summary>
    private static void Other(Utf8JsonWriter writer, ContentScope scope, object value, int depth)
    {
        JsonElement json;
        try
        {
            if (!AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var type))
            {
                writer.WriteStringValue(value.GetType().Name);
                return;
            }

            json = JsonSerializer.SerializeToElement(value, type);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            writer.WriteStringValue(value.GetType().Name);
            return;
        }

        Json(writer, scope, json, depth);
    }

    private static void Number(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }
}
