using System.Globalization;
using System.Text.Json;

namespace LlmKit.Checks.Schemas;

/// <summary>A place in a schema document, with its JSON pointer for errors.</summary>
internal readonly record struct SchemaPlace(JsonElement Value, string Pointer)
{
    public SchemaPlace Member(JsonProperty member) => new(member.Value, $"{Pointer}/{Escape(member.Name)}");

    public IEnumerable<SchemaPlace> Members()
    {
        var here = this;
        return Expect(JsonValueKind.Object, "an object").EnumerateObject().Select(member => here.Member(member));
    }

    public IEnumerable<SchemaPlace> Elements()
    {
        var here = this;
        return Expect(JsonValueKind.Array, "an array").EnumerateArray()
            .Select((element, index) => new SchemaPlace(element, $"{here.Pointer}/{index.ToString(CultureInfo.InvariantCulture)}"));
    }

    /// <summary>The last segment of the pointer, as it is named in the document.</summary>
    public string Name() => Unescape(Pointer[(Pointer.LastIndexOf('/') + 1)..]);

    public string Text() => Expect(JsonValueKind.String, "a string").GetString()!;

    public long Count() =>
        Expect(JsonValueKind.Number, "a number") is var number && number.TryGetDecimal(out var count) && count >= 0 && count == decimal.Truncate(count)
            ? (long)Math.Min(count, long.MaxValue)
            : throw Error("must be a whole number, 0 or more.");

    public List<string> Texts() => [.. Elements().Select(element => element.Text())];

    /// <summary>The place one segment of a pointer further; null if there is none.</summary>
    public SchemaPlace? Follow(string segment)
    {
        if (Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(Unescape(segment), out var member))
            return new SchemaPlace(member, $"{Pointer}/{segment}");
        if (Value.ValueKind == JsonValueKind.Array && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Value.GetArrayLength())
            return new SchemaPlace(Value[index], $"{Pointer}/{index}");
        return null;
    }

    public ArgumentException Error(string complaint) => new($"The schema at '{(Pointer.Length == 0 ? "/" : Pointer)}' {complaint}");

    private JsonElement Expect(JsonValueKind kind, string name) => Value.ValueKind == kind ? Value : throw Error($"must be {name}.");

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string segment) => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
