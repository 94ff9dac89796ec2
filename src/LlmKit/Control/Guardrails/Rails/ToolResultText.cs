using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The text of a tool's result as the model will read it.</summary>
internal static class ToolResultText
{
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
                return json.GetRawText();
            default:
                return JsonSerializer.Serialize(result.Result, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object)));
        }
    }
}
