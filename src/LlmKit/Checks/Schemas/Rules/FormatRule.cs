using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules;

/// <summary><c>format</c>: a string of a known form.</summary>
internal sealed class FormatRule(string format, Func<string, bool> check) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind == JsonValueKind.String && !check(value.GetString()!))
            run.Fail("format", $"Must have the format {format}.");
    }
}
