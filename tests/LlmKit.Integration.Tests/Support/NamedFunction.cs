using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Integration.Tests.Support;

/// <summary>A function that is only declared.</summary>
internal sealed class NamedFunction(string name, string schema, bool? strict = null, string description = "") : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema { get; } = JsonDocument.Parse(schema).RootElement;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
        strict is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { ["strict"] = strict };
}
