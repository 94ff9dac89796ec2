using System.Text.Json;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas.Rules;

/// <summary><c>type</c>: one of some types. A number without a fraction is an integer however it is written.</summary>
internal sealed class TypeRule(IReadOnlyList<string> types) : ISchemaRule
{
    public static IReadOnlyList<string> Names { get; } = ["null", "boolean", "object", "array", "number", "integer", "string"];

    public void Check(JsonElement value, SchemaRun run)
    {
        foreach (var type in types)
        {
            if (Is(value, type))
                return;
        }

        run.Fail("type", $"Must be of type {string.Join(" or ", types)}.");
    }

    private static bool Is(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && ExactNumber.Read(value) is { IsInteger: true }),
        _ => false,
    };
}
