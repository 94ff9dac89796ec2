using System.Text.Json;
using System.Text.RegularExpressions;
using LlmKit.Checks.Schemas.Rules;
using LlmKit.Checks.Schemas.Rules.Arrays;
using LlmKit.Checks.Schemas.Rules.Combined;
using LlmKit.Checks.Schemas.Rules.Objects;
using LlmKit.Checks.Schemas.Values;

namespace LlmKit.Checks.Schemas;

/// <summary>Reads the keywords of one schema. An unknown keyword is an error: what it asks for would silently not be held.</summary>
internal static class SchemaKeywords
{
    public static IEnumerable<ISchemaRule> Read(SchemaPlace place, SchemaCompiler compiler)
    {
        var keywords = place.Value.EnumerateObject().ToDictionary(member => member.Name, place.Member, StringComparer.Ordinal);
        return keywords.Values.SelectMany(keyword => ReadOne(keyword, place, compiler)).Concat(ReadCombined(keywords, compiler));
    }

    private static IEnumerable<ISchemaRule> ReadOne(SchemaPlace at, SchemaPlace schema, SchemaCompiler compiler) => at.Name() switch
    {
        "type" => [new TypeRule(Types(at))],
        "enum" => [new ValueRule("enum", at.Elements().Select(element => element.Value))],
        "const" => [new ValueRule("const", [at.Value])],
        "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" => [Number(at)],
        "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties" => [new CountRule(at.Name(), at.Count())],
        "pattern" => [new PatternRule(Pattern(at, at.Text()), at.Text())],
        "format" => TextFormats.Find(at.Text()) is { } check ? [new FormatRule(at.Text(), check)] : [],
        "required" => [new RequiredRule(at.Texts())],
        "dependentRequired" => at.Members().Select(member => new RequiredRule(member.Texts(), member.Name())),
        "dependentSchemas" => at.Members().Select(member => new DependentSchemaRule(member.Name(), compiler.Node(member))),
        "propertyNames" => [new NamesRule(compiler.Node(at))],
        "uniqueItems" => IsTrue(at) ? [new UniqueRule()] : [],
        "allOf" => [new AllRule(Nodes(at, compiler))],
        "anyOf" => [new AnyRule(Nodes(at, compiler))],
        "oneOf" => [new OneRule(Nodes(at, compiler))],
        "not" => [new NotRule(compiler.Node(at))],
        "$ref" => [new AllRule([compiler.Resolve(at)])],
        "$defs" or "definitions" => Declare(at, compiler),
        "$id" when schema.Pointer.Length == 0 => [],
        "items" when at.Value.ValueKind == JsonValueKind.Array => throw at.Error("is a list of schemas. Name it 'prefixItems'."),
        "properties" or "patternProperties" or "additionalProperties" or "items" or "prefixItems" or "contains" or "minContains" or "maxContains" or "if" or "then" or "else" => [],
        "title" or "description" or "default" or "examples" or "deprecated" or "readOnly" or "writeOnly" or "$comment" or "$schema" or "contentEncoding" or "contentMediaType" => [],
        var name when name.StartsWith("x-", StringComparison.Ordinal) => [],
        var name => throw at.Error($"has the keyword '{name}', which is not supported. Leave it out or say it in other keywords."),
    };

    /// <summary>Reads the keywords that mean something only together.</summary>
    private static IEnumerable<ISchemaRule> ReadCombined(Dictionary<string, SchemaPlace> keywords, SchemaCompiler compiler)
    {
        if (keywords.ContainsKey("properties") || keywords.ContainsKey("patternProperties") || keywords.ContainsKey("additionalProperties"))
            yield return Members(keywords, compiler);
        var first = keywords.TryGetValue("prefixItems", out var prefix) ? Nodes(prefix, compiler) : [];
        var rest = Optional(keywords, "items", compiler);
        if (first.Count > 0 || rest is not null)
            yield return new ElementsRule(first, rest);
        if (Optional(keywords, "contains", compiler) is { } contained)
            yield return new ContainsRule(contained, Count(keywords, "minContains", 1), Count(keywords, "maxContains", long.MaxValue));
        var (then, otherwise) = (Optional(keywords, "then", compiler), Optional(keywords, "else", compiler));
        if (Optional(keywords, "if", compiler) is { } condition)
            yield return new ConditionRule(condition, then, otherwise);
    }

    private static MembersRule Members(Dictionary<string, SchemaPlace> keywords, SchemaCompiler compiler)
    {
        var named = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        if (keywords.TryGetValue("properties", out var properties))
        {
            foreach (var member in properties.Members())
                named[member.Name()] = compiler.Node(member);
        }

        var patterns = keywords.TryGetValue("patternProperties", out var byPattern)
            ? byPattern.Members().Select(member => (Pattern(member, member.Name()), compiler.Node(member))).ToList()
            : [];
        var forbids = keywords.TryGetValue("additionalProperties", out var others) && others.Value.ValueKind == JsonValueKind.False;
        return new MembersRule(named, patterns, Optional(keywords, "additionalProperties", compiler), forbids);
    }

    // Declared schemas are compiled even if nothing refers to them, so that an error in them is found now.
    private static IEnumerable<ISchemaRule> Declare(SchemaPlace at, SchemaCompiler compiler)
    {
        foreach (var member in at.Members())
            compiler.Node(member);
        return [];
    }

    private static List<string> Types(SchemaPlace at)
    {
        List<string> types = at.Value.ValueKind == JsonValueKind.String ? [at.Text()] : at.Texts();
        var unknown = types.Find(type => !TypeRule.Names.Contains(type));
        return unknown is null && types.Count > 0 ? types : throw at.Error($"must name types. Choose among: {string.Join(", ", TypeRule.Names)}.");
    }

    private static NumberRule Number(SchemaPlace at)
    {
        if (ExactNumber.Read(at.Value) is not { } limit)
            throw at.Error("must be a number of at most 400 digits.");
        return at.Name() != "multipleOf" || limit.Mantissa.Sign > 0 ? new NumberRule(at.Name(), limit, at.Value.GetRawText()) : throw at.Error("must be more than 0.");
    }

    private static Regex Pattern(SchemaPlace at, string pattern)
    {
        try
        {
            return SchemaPattern.Compile(pattern);
        }
        catch (ArgumentException)
        {
            throw at.Error("is a pattern that cannot be read. Give an expression that both ECMA-262 and .NET know.");
        }
    }

    private static List<SchemaNode> Nodes(SchemaPlace at, SchemaCompiler compiler)
    {
        var nodes = at.Elements().Select(compiler.Node).ToList();
        return nodes.Count > 0 ? nodes : throw at.Error("must hold one schema or more.");
    }

    private static SchemaNode? Optional(Dictionary<string, SchemaPlace> keywords, string name, SchemaCompiler compiler) =>
        keywords.TryGetValue(name, out var place) ? compiler.Node(place) : null;

    private static long Count(Dictionary<string, SchemaPlace> keywords, string name, long otherwise) =>
        keywords.TryGetValue(name, out var place) ? place.Count() : otherwise;

    private static bool IsTrue(SchemaPlace at) => at.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw at.Error("must be true or false."),
    };
}
