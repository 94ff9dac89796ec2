using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes the uses of tools that a provider runs itself, as parts of the conventions' schema.</summary>
internal static class ServerToolWriter
{
    private const string CodeInterpreter = "code_interpreter";
    private const string ImageGeneration = "image_generation";
    private const string WebSearch = "web_search";
    private const string Mcp = "mcp";

    public static void Write(Utf8JsonWriter writer, ContentScope scope, AIContent content, int depth)
    {
        writer.WriteStartObject();
        switch (content)
        {
            case McpServerToolCallContent call:
                Call(writer, call.Name, call.CallId, Mcp);
                ContentScope.Label(writer, "server_label"u8, call.ServerName);
                PartWriter.Value(writer, scope, "arguments"u8, call.Arguments, depth);
                break;
            case CodeInterpreterToolCallContent call:
                Call(writer, CodeInterpreter, call.CallId, CodeInterpreter);
                Parts(writer, scope, "inputs"u8, call.Inputs, depth);
                break;
            case ImageGenerationToolCallContent call:
                Call(writer, ImageGeneration, call.CallId, ImageGeneration);
                break;
            case WebSearchToolCallContent call:
                Call(writer, WebSearch, call.CallId, WebSearch);
                PartWriter.Value(writer, scope, "queries"u8, call.Queries, depth);
                break;
            case ToolCallContent call:
                Call(writer, call.GetType().Name, call.CallId, call.GetType().Name);
                break;
            case McpServerToolResultContent result:
                Result(writer, scope, result.CallId, Mcp, result.Outputs, depth);
                break;
            case CodeInterpreterToolResultContent result:
                Result(writer, scope, result.CallId, CodeInterpreter, result.Outputs, depth);
                break;
            case ImageGenerationToolResultContent result:
                Result(writer, scope, result.CallId, ImageGeneration, result.Outputs, depth);
                break;
            case WebSearchToolResultContent result:
                Result(writer, scope, result.CallId, WebSearch, result.Outputs, depth);
                break;
            case ToolResultContent result:
                Result(writer, scope, result.CallId, result.GetType().Name, outputs: null, depth);
                break;
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter writer, ContentScope scope, string? id, string type, IList<AIContent>? outputs, int depth)
    {
        writer.WriteString("type"u8, "server_tool_call_response"u8);
        ContentScope.Label(writer, "id"u8, id);
        writer.WriteStartObject("server_tool_call_response"u8);
        ContentScope.Label(writer, "type"u8, type);
        Parts(writer, scope, "outputs"u8, outputs, depth);
    }

    /// <summary>Begins a call and the object that says what is particular to its kind of tool.</summary>
    private static void Call(Utf8JsonWriter writer, string? name, string? id, string type)
    {
        writer.WriteString("type"u8, "server_tool_call"u8);
        ContentScope.Label(writer, "id"u8, id);
        ContentScope.Label(writer, "name"u8, name);
        writer.WriteStartObject("server_tool_call"u8);
        ContentScope.Label(writer, "type"u8, type);
    }

    private static void Parts(Utf8JsonWriter writer, ContentScope scope, ReadOnlySpan<byte> name, IList<AIContent>? contents, int depth)
    {
        if (contents is not { Count: > 0 })
            return;
        writer.WriteStartArray(name);
        foreach (var content in contents)
        {
            if (scope.IsFull(writer))
                break;
            if (PartWriter.IsWritten(scope, content))
                ValueWriter.Write(writer, scope, content, depth + 1);
        }

        writer.WriteEndArray();
    }
}
