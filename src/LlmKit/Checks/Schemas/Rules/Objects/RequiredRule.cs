using System.Text.Json;

namespace LlmKit.Checks.Schemas.Rules.Objects;

/// <summary><c>required</c> and <c>dependentRequired</c>: members that must be there, always or when another is.</summary>
internal sealed class RequiredRule(IReadOnlyList<string> names, string? trigger = null) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Object || (trigger is not null && !value.TryGetProperty(trigger, out _)))
            return;
        var missing = names.Where(name => !value.TryGetProperty(name, out _)).ToList();
        if (missing.Count > 0)
            run.Fail(trigger is null ? "required" : "dependentRequired", $"Must have the members: {string.Join(", ", missing)}.");
    }
}
