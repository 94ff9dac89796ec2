using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Writes additional properties as JSON. What is neither text, number, truth value nor JSON comes back as text.</summary>
internal static class PropertiesJson
{
    public static void Write(Utf8JsonWriter json, AdditionalPropertiesDictionary? properties)
    {
        if (properties is not { Count: > 0 })
            return;
        json.WriteStartObject("properties"u8);
        foreach (var (name, value) in properties)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    public static AdditionalPropertiesDictionary? Read(JsonElement json)
    {
        if (!json.TryGetProperty("properties"u8, out var members))
            return null;
        var properties = new AdditionalPropertiesDictionary();
        foreach (var member in members.EnumerateObject())
            properties[member.Name] = ReadValue(member.Value);
        return properties;
    }

    /// <summary>Gives properties that were read as JSON as what they are.</summary>
    public static AdditionalPropertiesDictionary? Plain(AdditionalPropertiesDictionary? properties)
    {
        if (properties is null)
            return null;
        var plain = new AdditionalPropertiesDictionary();
        foreach (var (name, value) in properties)
            plain[name] = value is JsonElement json ? ReadValue(json) : value;
        return plain;
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case int or long or short or byte or sbyte or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static object? ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        _ => value.Clone(),
    };
}
