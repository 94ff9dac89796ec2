using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Combined;

/// <summary><c>not</c>, and the schema <c>false</c>, which nothing passes.</summary>
internal sealed class NotRule(SchemaNode? schema) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (schema is null)
            run.Fail("false", "Must not be there.");
        else if (run.Passes(schema, value))
            run.Fail("not", "Has a form that is not allowed.");
    }
}
