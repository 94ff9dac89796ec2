using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.OpenAI.Requests;

/// <summary>The subset of JSON schema that OpenAI can guarantee: closed objects with every property required.</summary>
internal static class StrictSchema
{
    private static readonly AIJsonSchemaTransformCache Cache = new(new()
    {
        ConvertBooleanSchemas = true,
        DisallowAdditionalProperties = true,
        MoveDefaultKeywordToDescription = true,
        RequireAllProperties = true,
    });

    internal static JsonElement Of(ChatResponseFormatJson format) => Cache.GetOrCreateTransformedSchema(format)!.Value;

    internal static JsonElement Of(AIFunctionDeclaration function) => Cache.GetOrCreateTransformedSchema(function);

    /// <summary>Gets whether a schema keeps its meaning when it is made strict. A map of free keys would become an empty object.</summary>
    internal static bool IsPossible(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Object => DeclaresItsProperties(schema) && !schema.EnumerateObject().Any(p => IsOpen(p) || !IsPossible(p.Value)),
        JsonValueKind.Array => schema.EnumerateArray().All(IsPossible),
        _ => true,
    };

    // A keyword that opens an object. Below "properties" the same word is a property's name and holds a schema, which is
    // then taken for open too: the schema goes out as it is, which is the safe side.
    private static bool IsOpen(JsonProperty keyword) => keyword.Name switch
    {
        "additionalProperties" => keyword.Value.ValueKind != JsonValueKind.False,
        "patternProperties" or "propertyNames" => true,
        _ => false,
    };

    // An object without declared properties holds anything.
    private static bool DeclaresItsProperties(JsonElement schema) =>
        !(schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object"))
        || schema.TryGetProperty("properties", out _);
}
