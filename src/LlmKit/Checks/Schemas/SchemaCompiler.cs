using System.Text.Json;

namespace LlmKit.Checks.Schemas;

/// <summary>Turns a schema document into nodes: one for each place, so that references may be recursive.</summary>
internal sealed class SchemaCompiler(JsonElement schema)
{
    private const int MaxDepth = 128;

    // Cloned, since nodes keep the values of enumerations.
    private readonly JsonElement _document = schema.ValueKind == JsonValueKind.Undefined ? schema : schema.Clone();
    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private int _depth;

    public SchemaNode Compile() => Node(new SchemaPlace(_document, ""));

    /// <summary>The node of a place, compiled when it is first asked for.</summary>
    public SchemaNode Node(SchemaPlace place)
    {
        if (_nodes.TryGetValue(place.Pointer, out var known))
            return known;
        if (_depth == MaxDepth)
            throw place.Error($"is nested more than {MaxDepth} levels deep. Give a flatter schema.");

        var node = new SchemaNode();
        _nodes.Add(place.Pointer, node);
        _depth++;
        node.Fill(place.Value.ValueKind switch
        {
            JsonValueKind.True => [],
            JsonValueKind.False => [new Rules.Combined.NotRule(null)],
            JsonValueKind.Object => SchemaKeywords.Read(place, this).ToList(),
            _ => throw place.Error("is no schema. Give an object, true or false."),
        });
        _depth--;
        return node;
    }

    /// <summary>The node that a reference inside the document names.</summary>
    public SchemaNode Resolve(SchemaPlace place)
    {
        var reference = place.Text();
        if (reference.Length == 0 || reference[0] != '#' || (reference.Length > 1 && reference[1] != '/'))
            throw place.Error("is a reference that is not supported. Refer into the same document, such as #/$defs/name.");

        var target = new SchemaPlace(_document, "");
        foreach (var segment in Uri.UnescapeDataString(reference[1..]).Split('/').Skip(1))
            target = target.Follow(segment) ?? throw place.Error("refers to a place that is not in the document. Declare it under $defs.");
        return Node(target);
    }
}
