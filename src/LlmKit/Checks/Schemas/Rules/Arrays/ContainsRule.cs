using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Arrays;

/// <summary><c>contains</c>, with <c>minContains</c> and <c>maxContains</c>: how many elements pass a schema.</summary>
internal sealed class ContainsRule(SchemaNode schema, long least, long most) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return;
        var count = 0L;
        foreach (var element in value.EnumerateArray())
            count += run.Passes(schema, element) ? 1 : 0;
        if (count < least)
            run.Fail(least == 1 ? "contains" : "minContains", $"Must have {least} or more elements of the kind that is asked for.");
        else if (count > most)
            run.Fail("maxContains", $"Must have {most} elements at most of the kind that is limited.");
    }
}
