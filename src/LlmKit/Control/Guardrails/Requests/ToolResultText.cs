using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The text of a tool's result as the model will read it. Escapes hide nothing: characters stand for themselves.</summary>
internal static class ToolResultText
{
    private static readonly JsonSerializerOptions Plain = new(AIJsonUtilities.DefaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false };

    public static string Of(FunctionResultContent result)
    {
        switch (result.Result)
        {
            case null:
                return "";
            case string text:
                return text;
            case JsonElement { ValueKind: JsonValueKind.String } json:
                return json.GetString() ?? "";
            case JsonElement json:
                return JsonSerializer.Serialize(json, Plain.GetTypeInfo(typeof(JsonElement)));
            default:
                return JsonSerializer.Serialize(result.Result, Plain.GetTypeInfo(typeof(object)));
        }
    }
}
