using System.Text.Json;
using LlmKit.Checks.Schemas;
using NUnit.Framework;

namespace LlmKit.Tests.Checks.Schemas;

public class JsonSchemaTests
{
    // A schema, a document that passes, a document that does not, and the keyword that says so.
    private static readonly object[][] s_keywords =
    [
        ["""{"type":"string"}""", "\"a\"", "1", "type"],
        ["""{"type":["string","null"]}""", "null", "1", "type"],
        ["""{"type":"integer"}""", "1.0", "1.5", "type"],
        ["""{"type":"integer"}""", "12e3", "12e-1", "type"],
        ["""{"type":"number"}""", "1.5", "\"1.5\"", "type"],
        ["""{"enum":["a",1,{"b":[1,2]}]}""", """{"b":[1.0,2]}""", "\"c\"", "enum"],
        ["""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1}""", """{"a":1}""", "const"],
        ["""{"minimum":10}""", "10", "9.999999999999999999999999999999", "minimum"],
        ["""{"maximum":10}""", "10", "10.000000000000000000000000000001", "maximum"],
        ["""{"exclusiveMinimum":0}""", "1e-300", "0.0", "exclusiveMinimum"],
        ["""{"exclusiveMaximum":0}""", "-1", "0", "exclusiveMaximum"],
        ["""{"multipleOf":0.01}""", "19.99", "19.995", "multipleOf"],
        ["""{"multipleOf":3}""", "9e20", "10", "multipleOf"],
        ["""{"minLength":2}""", "\"ab\"", "\"\\uD83D\\uDE00\"", "minLength"],
        ["""{"maxLength":1}""", "\"\\uD83D\\uDE00\"", "\"ab\"", "maxLength"],
        ["""{"pattern":"^[a-z]+$"}""", "\"abc\"", "\"abc\\n\"", "pattern"],
        ["""{"pattern":"^\\d{2}[\\d-]$"}""", "\"12-\"", "\"\u0661\u0662-\"", "pattern"],
        ["""{"format":"date"}""", "\"2024-02-29\"", "\"2023-02-29\"", "format"],
        ["""{"format":"time"}""", "\"23:59:60Z\"", "\"24:00:00Z\"", "format"],
        ["""{"format":"date-time"}""", "\"2024-01-31T10:00:00.5+01:00\"", "\"2024-01-31 10:00:00\"", "format"],
        ["""{"format":"email"}""", "\"a.b@example.com\"", "\"a..b@example.com\"", "format"],
        ["""{"format":"uri"}""", "\"https://example.com/a?b#c\"", "\"/relative\"", "format"],
        ["""{"format":"uuid"}""", "\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"", "\"f81d4fae7dec11d0a76500a0c91e6bf6\"", "format"],
        ["""{"format":"ipv4"}""", "\"192.168.0.255\"", "\"192.168.0.256\"", "format"],
        ["""{"format":"ipv6"}""", "\"2001:db8::1\"", "\"2001:db8::1%eth0\"", "format"],
        ["""{"properties":{"a":{"type":"string"}}}""", """{"b":1}""", """{"a":1}""", "type"],
        ["""{"patternProperties":{"^n_":{"type":"number"}}}""", """{"n_a":1,"s":"x"}""", """{"n_a":"x"}""", "type"],
        ["""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1}""", """{"b":1}""", "additionalProperties"],
        ["""{"properties":{"a":true},"additionalProperties":{"type":"string"}}""", """{"a":1,"b":"x"}""", """{"b":1}""", "type"],
        ["""{"patternProperties":{"^x":true},"additionalProperties":false}""", """{"x1":1}""", """{"y":1}""", "additionalProperties"],
        ["""{"required":["a","b"]}""", """{"a":1,"b":null}""", """{"a":1}""", "required"],
        ["""{"minProperties":1}""", """{"a":1}""", "{}", "minProperties"],
        ["""{"maxProperties":1}""", """{"a":1}""", """{"a":1,"b":2}""", "maxProperties"],
        ["""{"propertyNames":{"maxLength":2}}""", """{"ab":1}""", """{"abc":1}""", "propertyNames"],
        ["""{"dependentRequired":{"card":["address"]}}""", """{"card":1,"address":2}""", """{"card":1}""", "dependentRequired"],
        ["""{"dependentSchemas":{"card":{"required":["address"]}}}""", "{}", """{"card":1}""", "required"],
        ["""{"items":{"type":"number"}}""", "[1,2]", "[1,\"2\"]", "type"],
        ["""{"prefixItems":[{"type":"string"}],"items":false}""", "[\"a\"]", "[\"a\",1]", "false"],
        ["""{"minItems":1}""", "[1]", "[]", "minItems"],
        ["""{"maxItems":1}""", "[1]", "[1,2]", "maxItems"],
        ["""{"uniqueItems":true}""", "[1,\"1\",{\"a\":1}]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1.0}]", "uniqueItems"],
        ["""{"contains":{"type":"number"}}""", "[\"a\",1]", "[\"a\"]", "contains"],
        ["""{"contains":{"type":"number"},"minContains":2,"maxContains":3}""", "[1,2]", "[1]", "minContains"],
        ["""{"contains":{"type":"number"},"maxContains":1}""", "[1]", "[1,2]", "maxContains"],
        ["""{"allOf":[{"minimum":1},{"maximum":2}]}""", "2", "3", "maximum"],
        ["""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "5", "4", "anyOf"],
        ["""{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}""", "9", "6", "oneOf"],
        ["""{"not":{"type":"null"}}""", "1", "null", "not"],
        ["""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1,"b":1}""", """{"d":1}""", "required"],
        ["""{"$ref":"#/$defs/n","$defs":{"n":{"type":"number"}}}""", "1", "\"a\"", "type"],
        ["""{"$ref":"#/definitions/a~1b","definitions":{"a/b":{"type":"number"}}}""", "1", "\"a\"", "type"],
        ["""{"type":"object","properties":{"next":{"$ref":"#"}},"required":["v"]}""", """{"v":1,"next":{"v":2}}""", """{"v":1,"next":{}}""", "required"],
    ];

    [TestCaseSource(nameof(s_keywords))]
    public void Validate_ByKeyword_PassesOrNamesIt(string schema, string valid, string broken, string keyword)
    {
        var errors = Validate(schema, broken);

        Assert.That(Validate(schema, valid), Is.Empty);
        Assert.That(errors.Select(error => error.Keyword), Is.EqualTo(new[] { keyword }));
    }

    [Test]
    public void Validate_Error_PointsToThePlaceAndHoldsNoValue()
    {
        var error = Validate("""{"properties":{"a/b":{"items":{"type":"number"}}}}""", """{"a/b":[1,"secret-value"]}""").Single();

        Assert.That(error, Is.EqualTo(new SchemaError("/a~1b/1", "type", "Must be of type number.")));
    }

    [Test]
    public void Validate_MemberThatTheSchemaDoesNotName_IsNotNamedInTheError()
    {
        var errors = Validate("""{"additionalProperties":{"type":"number"}}""", """{"jane@example.com":"x"}""");

        Assert.That(errors.Single().Path, Is.EqualTo("/*"));
    }

    [TestCase("""{"a":1,"a":2}""")]
    [TestCase("""{"x":[{"a":1,"\u0061":2}]}""")]
    public void Validate_MemberNamedTwice_IsAnError(string document) =>
        Assert.That(Validate("true", document).Single().Keyword, Is.EqualTo("duplicate"));

    [TestCase("\"\\uD83D\"")]
    [TestCase("{\"\\uDC00\":1}")]
    public void Validate_HalfAPair_IsAnError(string document) => Assert.That(Validate("true", document), Has.Count.EqualTo(1));

    [Test]
    public void Validate_DocumentDeeperThanTheBound_IsAnError()
    {
        var document = new string('[', 70) + new string(']', 70);

        Assert.That(Validate("""{"items":{"$ref":"#"}}""", document).Single().Keyword, Is.EqualTo("depth"));
    }

    [Test]
    public void Validate_ReferenceToItself_EndsInAnError() =>
        Assert.That(Validate("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}""", "1").Single().Keyword, Is.EqualTo("$ref"));

    [Test]
    public void Validate_BranchesThatMultiply_EndInAnError()
    {
        const string Schema = """{"anyOf":[{"items":{"$ref":"#"},"minItems":1},{"items":{"$ref":"#"},"minItems":2},{"items":{"$ref":"#"},"minItems":1}]}""";
        var document = new string('[', 40) + new string(']', 40);

        Assert.That(Validate(Schema, document).Single().Keyword, Is.EqualTo("$ref"));
    }

    [Test]
    public void Validate_PatternThatTakesTooLong_IsAnErrorEvenUnderNot()
    {
        var errors = Validate("""{"not":{"pattern":"^(a+)+$"}}""", "\"" + new string('a', 60) + "!\"");

        Assert.That(errors.Single().Keyword, Is.EqualTo("pattern"));
    }

    [Test]
    public void Validate_NumberOfThousandsOfDigits_FailsWhereItIsCompared() =>
        Assert.That(Validate("""{"minimum":0}""", new string('9', 5000)).Single().Keyword, Is.EqualTo("minimum"));

    [Test]
    public void Validate_ManyErrors_StopsAtTheMost()
    {
        var errors = new List<SchemaError>();

        Compile("""{"items":false}""").Validate(JsonDocument.Parse("[1,2,3,4,5]").RootElement, errors, most: 3);

        Assert.That(errors, Has.Count.EqualTo(3));
    }

    [TestCase("""{"properties":{"a":{"unevaluatedProperties":false}}}""", "/properties/a/unevaluatedProperties")]
    [TestCase("""{"items":[true]}""", "/items")]
    [TestCase("""{"$ref":"other.json"}""", "/$ref")]
    [TestCase("""{"$ref":"#/$defs/none"}""", "/$ref")]
    [TestCase("""{"type":"text"}""", "/type")]
    [TestCase("""{"pattern":"("}""", "/pattern")]
    [TestCase("""{"minLength":-1}""", "/minLength")]
    [TestCase("""{"multipleOf":0}""", "/multipleOf")]
    [TestCase("""{"exclusiveMinimum":true}""", "/exclusiveMinimum")]
    [TestCase("""{"anyOf":[]}""", "/anyOf")]
    [TestCase("""{"$defs":{"a":{"requird":["b"]}}}""", "/$defs/a/requird")]
    [TestCase("[]", "/")]
    public void Compile_SchemaThatIsNotSupported_NamesThePlace(string schema, string place) =>
        Assert.That(() => Compile(schema), Throws.ArgumentException.With.Message.Contains($"'{place}'"));

    [Test]
    public void Compile_Annotations_AreIgnored() => Assert.That(
        Validate("""{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"x","title":"t","description":"d","default":1,"examples":[1],"format":"int32","x-order":1}""", "\"a\""),
        Is.Empty);

    private static List<SchemaError> Validate(string schema, string document)
    {
        var errors = new List<SchemaError>();
        Compile(schema).Validate(JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 200 }).RootElement, errors);
        return errors;
    }

    private static JsonSchema Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return JsonSchema.Compile(document.RootElement);
    }
}
