using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Objects;

/// <summary><c>propertyNames</c>: a schema for the names of the members.</summary>
internal sealed class NamesRule(SchemaNode names) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in value.EnumerateObject())
        {
            if (run.IsOver || Passes(member.Name, run))
                continue;
            run.Fail("propertyNames", "Has a member whose name is not allowed.");
            return;
        }
    }

    private bool Passes(string name, SchemaRun run)
    {
        using var document = JsonDocument.Parse($"\"{JsonEncodedText.Encode(name)}\"");
        return run.Passes(names, document.RootElement);
    }
}
