using System.Text.Json;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas.Rules;

/// <summary><c>enum</c> and <c>const</c>: one of some values.</summary>
internal sealed class ValueRule(string keyword, IEnumerable<JsonElement> allowed) : ISchemaRule
{
    private const int MostNamed = 20;
    private const int MostLetters = 60;

    private readonly HashSet<JsonElement> _allowed = allowed.ToHashSet(ElementComparer.Instance);

    public void Check(JsonElement value, SchemaRun run)
    {
        if (!_allowed.Contains(value))
            run.Fail(keyword, $"Must be one of: {Names()}.");
    }

    private string Names() =>
        string.Join(", ", _allowed.Take(MostNamed).Select(Name)) + (_allowed.Count > MostNamed ? " or others" : "");

    private static string Name(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= MostLetters ? raw : raw[..MostLetters] + "…";
    }
}
