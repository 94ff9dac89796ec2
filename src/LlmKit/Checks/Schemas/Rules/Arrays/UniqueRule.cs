using System.Text.Json;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas.Rules.Arrays;

/// <summary><c>uniqueItems</c>: no two equal elements.</summary>
internal sealed class UniqueRule : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return;
        var seen = new HashSet<JsonElement>(ElementComparer.Instance);
        foreach (var element in value.EnumerateArray())
        {
            if (seen.Add(element))
                continue;
            run.Fail("uniqueItems", "Has equal elements. Give each once.");
            return;
        }
    }
}
