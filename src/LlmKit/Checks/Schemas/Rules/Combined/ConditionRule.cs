using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Combined;

/// <summary><c>if</c>, <c>then</c>, <c>else</c>.</summary>
internal sealed class ConditionRule(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        var branch = run.Passes(condition, value) ? then : otherwise;
        if (branch is not null)
            run.Apply(branch, value);
    }
}
