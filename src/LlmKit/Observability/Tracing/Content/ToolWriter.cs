using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes what tools say of themselves, and documents that retrievals found.</summary>
internal static class ToolWriter
{
    public static void Name(Utf8JsonWriter writer, AITool tool)
    {
        writer.WriteStartObject();
        Label(writer, tool);
        writer.WriteEndObject();
    }

    public static void Definition(Utf8JsonWriter writer, ContentScope scope, AITool tool)
    {
        writer.WriteStartObject();
        Label(writer, tool);
        if (!string.IsNullOrEmpty(tool.Description) && !scope.IsFull(writer))
            scope.Text(writer, "description"u8, tool.Description);
        if (tool is AIFunctionDeclaration function && !scope.IsFull(writer))
        {
            writer.WritePropertyName("parameters"u8);
            ValueWriter.Schema(writer, scope, function.JsonSchema);
        }

        writer.WriteEndObject();
    }

    public static void Document(Utf8JsonWriter writer, ContentScope scope, TraceDocument document)
    {
        writer.WriteStartObject();
        ContentScope.Label(writer, "id"u8, document.Id);
        if (document.Score is { } score && double.IsFinite(score))
            writer.WriteNumber("score"u8, score);
        if (document.Title is not null)
            scope.Text(writer, "title"u8, document.Title);
        if (document.Uri is { } uri)
            scope.Text(writer, "uri"u8, PartWriter.WithoutSecrets(uri));
        if (document.Content is not null)
            scope.Text(writer, "content"u8, document.Content);
        writer.WriteEndObject();
    }

    // A tool that the provider runs itself has its own type for a name, such as web_search.
    private static void Label(Utf8JsonWriter writer, AITool tool)
    {
        ContentScope.Label(writer, "type"u8, tool is AIFunctionDeclaration ? "function" : tool.Name);
        ContentScope.Label(writer, "name"u8, tool.Name);
    }
}
