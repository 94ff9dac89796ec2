using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The text that tool calls, results and schemas have on the wire, as compact JSON, so that it can be counted.</summary>
internal static class ToolText
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static string Arguments(FunctionCallContent call)
    {
        if (call.Arguments is not { Count: > 0 } arguments)
            return "{}";
        try
        {
            return JsonSerializer.Serialize(arguments, Compact.GetTypeInfo(typeof(IDictionary<string, object?>)));
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            // An argument that cannot be written cannot be counted; the provider's own figure will stand.
            return "{}";
        }
    }

    public static string Result(FunctionResultContent result)
    {
        if (result.Result is string text)
            return text;
        if (result.Result is null)
            return "";
        try
        {
            return result.Result is JsonElement json ? Text(json)
                : JsonSerializer.Serialize(result.Result, Compact.GetTypeInfo(typeof(object)));
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return result.Result.ToString() ?? "";
        }
    }

    public static string Minified(JsonElement schema)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            schema.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetString() ?? "" : Minified(json);
}
