using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Combined;

/// <summary><c>oneOf</c>: exactly one of some schemas.</summary>
internal sealed class OneRule(IReadOnlyList<SchemaNode> schemas) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        var passed = 0;
        foreach (var schema in schemas)
            passed += run.Passes(schema, value) ? 1 : 0;
        if (passed != 1)
            run.Fail("oneOf", $"Must have exactly one of {schemas.Count} forms and has {(passed == 0 ? "none" : "several")}.");
    }
}
