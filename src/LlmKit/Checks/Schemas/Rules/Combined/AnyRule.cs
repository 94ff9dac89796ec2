using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Combined;

/// <summary><c>anyOf</c>: at least one of some schemas.</summary>
internal sealed class AnyRule(IReadOnlyList<SchemaNode> schemas) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        foreach (var schema in schemas)
        {
            if (run.Passes(schema, value))
                return;
        }

        run.Fail("anyOf", $"Must have at least one of {schemas.Count} forms and has none.");
    }
}
