using System.Text.Json;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas.Rules;

/// <summary>The bounds of numbers and <c>multipleOf</c>, exact in decimals. A number that cannot be compared, of hundreds of digits, fails.</summary>
internal sealed class NumberRule(string keyword, ExactNumber limit, string limitText) : ISchemaRule
{
    public void Check(JsonElement value, SchemaRun run)
    {
        if (value.ValueKind != JsonValueKind.Number)
            return;
        if (ExactNumber.Read(value) is not { } number || !Holds(number))
            run.Fail(keyword, Message());
    }

    private bool Holds(ExactNumber number) => keyword switch
    {
        "minimum" => number.CompareTo(limit) >= 0,
        "maximum" => number.CompareTo(limit) <= 0,
        "exclusiveMinimum" => number.CompareTo(limit) > 0,
        "exclusiveMaximum" => number.CompareTo(limit) < 0,
        _ => number.IsMultipleOf(limit),
    };

    private string Message() => keyword switch
    {
        "minimum" => $"Must be {limitText} or more.",
        "maximum" => $"Must be {limitText} or less.",
        "exclusiveMinimum" => $"Must be more than {limitText}.",
        "exclusiveMaximum" => $"Must be less than {limitText}.",
        _ => $"Must be a multiple of {limitText}.",
    };
}
