using System.Text.Json;
using LlmKit.Checks.Schemas;
using Microsoft.Extensions.AI;

namespace LlmKit.Checks.Formats;

/// <summary>JSON, and of a schema where there is one.</summary>
internal sealed class JsonFormat(JsonSchema? schema) : IAnswerFormat
{
    private const int MostErrors = 10;

    public IReadOnlyList<string> Check(string answer, ChatOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var errors = new List<SchemaError>();
            schema?.Validate(document.RootElement, errors, MostErrors);
            return [.. errors.Select(error => $"At '{(error.Path.Length == 0 ? "/" : error.Path)}': {error.Message}")];
        }
        catch (JsonException exception)
        {
            return [$"It is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}. Give the JSON alone, without words or code fences around it."];
        }
    }
}
