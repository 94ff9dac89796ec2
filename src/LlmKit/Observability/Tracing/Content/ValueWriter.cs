using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes tools' arguments and results as JSON, every string in them redacted and cut, however deep; what a name says is a secret is not written.</summary>
internal static class ValueWriter
{
    private const int GreatestDepth = 32;
    private const int MostMediaType = 256;

    /// <summary>What stands for the rest: as the mark of a text that is cut, so that nobody takes it for the whole.</summary>
    public const string NoRoom = "… [cut, no room]";

    public static void Write(Utf8JsonWriter writer, ContentScope scope, object? value, int depth = 0) => Write(writer, scope, value, depth, isSchema: false);

    /// <summary>Writes a JSON schema, whose names say what there may be and never what it is.</summary>
    public static void Schema(Utf8JsonWriter writer, ContentScope scope, JsonElement schema) => Write(writer, scope, schema, depth: 0, isSchema: true);

    private static void Write(Utf8JsonWriter writer, ContentScope scope, object? value, int depth, bool isSchema)
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
                Text(writer, scope, text);
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
                Json(writer, scope, json, depth, isSchema);
                break;
            case AIContent content:
                Content(writer, scope, content, depth);
                break;
            case IDictionary<string, object?> properties:
                Properties(writer, scope, properties, depth);
                break;
            case IDictionary properties:
                Properties(writer, scope, properties.Keys.Cast<object>().Select(key => KeyValuePair.Create(Convert.ToString(key, CultureInfo.InvariantCulture) ?? "", properties[key])), depth);
                break;
            case IEnumerable items when value is not JsonNode:
                Items(writer, scope, items, depth, isSchema);
                break;
            default:
                Other(writer, scope, value, depth);
                break;
        }
    }

    private static void Json(Utf8JsonWriter writer, ContentScope scope, JsonElement json, int depth, bool isSchema = false)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject())
                {
                    var isLast = scope.IsFull(writer);
                    scope.PropertyName(writer, property.Name);
                    if (!isSchema && scope.Withholds(property.Name, property.Value))
                        writer.WriteStringValue(ContentScope.Withheld);
                    else
                        Write(writer, scope, property.Value, depth + 1, isSchema);
                    if (isLast)
                        break;
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                Items(writer, scope, json.EnumerateArray(), depth, isSchema);
                break;
            case JsonValueKind.String:
                Text(writer, scope, json.GetString()!);
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    private static void Properties(Utf8JsonWriter writer, ContentScope scope, IEnumerable<KeyValuePair<string, object?>> properties, int depth)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            var isLast = scope.IsFull(writer);
            scope.PropertyName(writer, name);
            if (scope.Withholds(name, value))
                writer.WriteStringValue(ContentScope.Withheld);
            else
                Write(writer, scope, value, depth + 1);
            if (isLast)
                break;
        }

        writer.WriteEndObject();
    }

    private static void Items(Utf8JsonWriter writer, ContentScope scope, IEnumerable items, int depth, bool isSchema)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            if (item is AIContent content && !PartWriter.IsWritten(scope, content))
                continue;
            var isLast = scope.IsFull(writer);
            Write(writer, scope, item, depth + 1, isSchema);
            if (isLast)
                break;
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a part as in a message: of an image its hash, of an address no secrets.</summary>
    private static void Content(Utf8JsonWriter writer, ContentScope scope, AIContent content, int depth)
    {
        if (!PartWriter.IsWritten(scope, content))
            writer.WriteNullValue();
        else if (content is TextContent text)
            PartWriter.TextPart(writer, scope, WithoutSecrets(scope, text.Text));
        else
            PartWriter.Part(writer, scope, content, depth + 1);
    }

    /// <summary>Writes a text, and of one that is an image or a file no bytes.</summary>
    private static void Text(Utf8JsonWriter writer, ContentScope scope, string text)
    {
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && text.IndexOf(";base64,", 0, Math.Min(text.Length, MostMediaType), StringComparison.OrdinalIgnoreCase) is > 0 and var end)
            scope.Value(writer, $"{text[..end]};base64,… [cut, {text.Length} characters]");
        else
            scope.Value(writer, WithoutSecrets(scope, text));
    }

    /// <summary>Gives a text as it is; one that is JSON, as tools often give, without the values whose names say that they are secrets.</summary>
    public static string WithoutSecrets(ContentScope scope, string text)
    {
        if (!IsLikeJson(text))
            return text;
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // It only began like JSON.
            return text;
        }

        using (document)
        {
            try
            {
                return HasSecrets(scope, document.RootElement) ? Rewritten(scope, document.RootElement) : text;
            }
            catch (InvalidOperationException)
            {
                // Half of a character stands in it: what else does cannot be told.
                return ContentScope.RedactionFailed;
            }
        }
    }

    private static bool IsLikeJson(string text)
    {
        var plain = text.AsSpan().Trim();
        return plain.Length > 2 && ((plain[0], plain[^1]) is ('{', '}') or ('[', ']'));
    }

    private static bool HasSecrets(ContentScope scope, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    if (scope.Withholds(property.Name, property.Value) || HasSecrets(scope, property.Value))
                        return true;
                }

                return false;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    if (HasSecrets(scope, item))
                        return true;
                }

                return false;
            default:
                return false;
        }
    }

    private static string Rewritten(ContentScope scope, JsonElement json)
    {
        var rewritten = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(rewritten, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Json(writer, scope.Uncut(), json, depth: 0);
        return Encoding.UTF8.GetString(rewritten.WrittenSpan);
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
