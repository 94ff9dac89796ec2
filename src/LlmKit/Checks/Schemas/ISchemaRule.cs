using System.Text.Json;

namespace LlmKit.Checks.Schemas;

/// <summary>What one keyword, or a few that belong together, ask of a value. Immutable.</summary>
internal interface ISchemaRule
{
    /// <summary>Reports to the run how the value breaks the rule; values of types that the rule does not speak of pass.</summary>
    void Check(JsonElement value, SchemaRun run);
}
