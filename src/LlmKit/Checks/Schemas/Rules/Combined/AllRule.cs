using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Combined;

/// <summary><c>allOf</c> and <c>$ref</c>: every one of some schemas.</summary>
internal sealed class AllRule(IReadOnlyList<SchemaNode> schemas) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        foreach (var schema in schemas)
            run.Apply(schema, value);
    }
}
