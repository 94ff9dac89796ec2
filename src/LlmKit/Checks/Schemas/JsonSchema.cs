using System.Text.Json;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas;

/// <summary>A compiled JSON Schema (2020-12, the part that structured outputs and tools use).</summary>
/// <remarks>
/// Immutable and thread-safe. Documents and recursion are bounded: 64 levels deep, and so many steps for one document. Formats that are not
/// known are annotations, as the specification has it. Patterns run under a limit on time and fail when they exceed it.
/// </remarks>
internal sealed class JsonSchema
{
    /// <summary>The deepest document, in levels.</summary>
    public const int MaxDepth = 64;

    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>Compiles a schema; it may be disposed of afterwards.</summary>
    /// <exception cref="ArgumentException">The schema is malformed or uses a keyword that is not supported; the message names the place.</exception>
    public static JsonSchema Compile(JsonElement schema) => new(new SchemaCompiler(schema).Compile());

    /// <summary>Adds the errors of a document to a list.</summary>
    /// <param name="value">The document.</param>
    /// <param name="errors">Takes the errors; nothing is added if the document is valid.</param>
    /// <param name="most">The most errors to add, 1 or more.</param>
    public void Validate(JsonElement value, List<SchemaError> errors, int most = 20)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);

        var run = new SchemaRun(errors, most);
        if (DocumentCheck.IsSound(value, run))
            run.Apply(_root, value);
    }
}
