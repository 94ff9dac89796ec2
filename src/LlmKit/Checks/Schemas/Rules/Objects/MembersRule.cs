using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmKit.Checks.Schemas.Rules.Objects;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>: which schema a member has to pass.</summary>
internal sealed class MembersRule(
    IReadOnlyDictionary<string, SchemaNode> named, IReadOnlyList<(Regex Pattern, SchemaNode Schema)> patterns, SchemaNode? others, bool forbidsOthers) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return;
        var forbidden = 0;
        foreach (var member in value.EnumerateObject())
        {
            if (run.IsOver)
                return;
            if (!CheckKnown(member, run) && others is not null)
            {
                forbidden++;
                if (!forbidsOthers)
                    run.Apply(others, member.Value, "*");
            }
        }

        if (forbidsOthers && forbidden > 0)
            run.Fail("additionalProperties", $"Has {forbidden} members that are not allowed. {Allowed()}");
    }

    private bool CheckKnown(JsonProperty member, SchemaRun run)
    {
        var known = named.TryGetValue(member.Name, out var schema);
        if (known)
            run.Apply(schema!, member.Value, member.Name);
        foreach (var (pattern, patternSchema) in patterns)
        {
            if (!run.Matches(pattern, member.Name))
                continue;
            if (!known || patternSchema != schema)
                run.Apply(patternSchema, member.Value, known ? member.Name : "*");
            known = true;
        }

        return known;
    }

    private string Allowed() => named.Count is > 0 and <= 30 ? $"Allowed are: {string.Join(", ", named.Keys.Order(StringComparer.Ordinal))}." : "Leave them out.";
}
