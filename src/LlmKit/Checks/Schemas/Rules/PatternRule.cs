using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmKit.Checks.Schemas.Rules;

/// <summary><c>pattern</c>: an expression that stands somewhere in the string.</summary>
internal sealed class PatternRule(Regex pattern, string source) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind == JsonValueKind.String && !run.Matches(pattern, value.GetString()!) && !run.IsOver)
            run.Fail("pattern", $"Must match the pattern {source}.");
    }
}
