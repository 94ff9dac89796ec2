using System.Text.Json;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas.Rules;

/// <summary>The least and greatest numbers of code points, elements and members.</summary>
internal sealed class CountRule(string keyword, long limit) : ISchemaRule
{
    private readonly bool _isLeast = keyword.StartsWith("min", StringComparison.Ordinal);

    public void Check(JsonElement value, SchemaRun run)
    {
        var (count, unit) = (keyword, value.ValueKind) switch
        {
            ("minLength" or "maxLength", JsonValueKind.String) => (CodePointCount.Of(value.GetString()!), "characters"),
            ("minItems" or "maxItems", JsonValueKind.Array) => (value.GetArrayLength(), "elements"),
            ("minProperties" or "maxProperties", JsonValueKind.Object) => (value.GetPropertyCount(), "members"),
            _ => (-1, ""),
        };
        if (count < 0 || (_isLeast ? count >= limit : count <= limit))
            return;
        run.Fail(keyword, $"Must have {limit} {unit} {(_isLeast ? "or more" : "at most")}.");
    }
}
