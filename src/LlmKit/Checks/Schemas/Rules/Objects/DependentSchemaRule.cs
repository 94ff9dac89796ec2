using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Objects;

/// <summary><c>dependentSchemas</c>: a schema for the whole object when it has a member.</summary>
internal sealed class DependentSchemaRule(string trigger, SchemaNode schema) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(trigger, out _))
            run.Apply(schema, value);
    }
}
