using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Arrays;

/// <summary><c>prefixItems</c> for the first elements and <c>items</c> for the rest.</summary>
internal sealed class ElementsRule(IReadOnlyList<SchemaNode> first, SchemaNode? rest) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return;
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            var schema = index < first.Count ? first[index] : rest;
            if (schema is null || run.IsOver)
                return;
            run.Apply(schema, element, index++);
        }
    }
}
