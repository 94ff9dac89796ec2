using System.Text.Json;
using LlmKit.Integration.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIToolAndFormatTests
{
    private const string CitySchema = """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}""";

    [Test]
    public async Task GetResponseAsync_Functions_AreDeclaredWithTheirSchema()
    {
        var sent = await SendAsync(new() { Tools = [new NamedFunction("weather", CitySchema, description: "Forecast."), new NamedFunction("now", "{}")], AllowMultipleToolCalls = false });

        var weather = sent.GetProperty("tools")[0].GetProperty("function");
        Assert.That(weather.GetProperty("name").GetString(), Is.EqualTo("weather"));
        Assert.That(weather.GetProperty("description").GetString(), Is.EqualTo("Forecast."));
        Assert.That(JsonElement.DeepEquals(weather.GetProperty("parameters"), JsonDocument.Parse(CitySchema).RootElement), Is.True);
        Assert.That(weather.TryGetProperty("strict", out _), Is.False);
        Assert.That(sent.GetProperty("tools")[1].GetProperty("function").GetProperty("parameters").GetRawText(), Is.EqualTo("""{"type":"object","properties":{}}"""));
        Assert.That(sent.GetProperty("parallel_tool_calls").GetBoolean(), Is.False);
    }

    [Test]
    public async Task GetResponseAsync_StrictFunction_ClosesItsSchema()
    {
        var sent = await SendAsync(new() { Tools = [new NamedFunction("weather", CitySchema, strict: true)] });

        var function = sent.GetProperty("tools")[0].GetProperty("function");
        Assert.That(function.GetProperty("strict").GetBoolean(), Is.True);
        Assert.That(function.GetProperty("parameters").GetProperty("additionalProperties").GetBoolean(), Is.False);
        Assert.That(function.GetProperty("parameters").GetProperty("required").GetArrayLength(), Is.EqualTo(2));
    }

    private static IEnumerable<TestCaseData> Modes()
    {
        yield return new(ChatToolMode.Auto, "\"auto\"");
        yield return new(ChatToolMode.None, "\"none\"");
        yield return new(ChatToolMode.RequireAny, "\"required\"");
        yield return new(ChatToolMode.RequireSpecific("now"), """{"type":"function","function":{"name":"now"}}""");
    }

    [TestCaseSource(nameof(Modes))]
    public async Task GetResponseAsync_ToolMode_IsTheChoice(ChatToolMode mode, string choice)
    {
        var sent = await SendAsync(new() { Tools = [new NamedFunction("now", "{}")], ToolMode = mode });

        Assert.That(JsonElement.DeepEquals(sent.GetProperty("tool_choice"), JsonDocument.Parse(choice).RootElement), Is.True, sent.GetRawText());
    }

    [Test]
    public async Task GetResponseAsync_ToolModeWithoutTools_IsNotSent()
    {
        var sent = await SendAsync(new() { ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = true });

        Assert.That(sent.TryGetProperty("tool_choice", out _), Is.False);
        Assert.That(sent.TryGetProperty("parallel_tool_calls", out _), Is.False);
    }

    [Test]
    public async Task GetResponseAsync_TextAndJsonFormats_AreNamed()
    {
        var text = await SendAsync(new() { ResponseFormat = ChatResponseFormat.Text });
        var json = await SendAsync(new() { ResponseFormat = ChatResponseFormat.Json });

        Assert.That(text.GetProperty("response_format").GetProperty("type").GetString(), Is.EqualTo("text"));
        Assert.That(json.GetProperty("response_format").GetProperty("type").GetString(), Is.EqualTo("json_object"));
    }

    [Test]
    public async Task GetResponseAsync_JsonSchema_IsStrictAndClosed()
    {
        var sent = await SendAsync(new() { ResponseFormat = SchemaFormat(CitySchema, "city forecast") });

        var format = sent.GetProperty("response_format").GetProperty("json_schema");
        Assert.That(format.GetProperty("name").GetString(), Is.EqualTo("cityforecast"));
        Assert.That(format.GetProperty("strict").GetBoolean(), Is.True);
        Assert.That(format.GetProperty("schema").GetProperty("additionalProperties").GetBoolean(), Is.False);
        Assert.That(format.GetProperty("schema").GetProperty("required").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase("""{"type":"object","properties":{"scores":{"type":"object","additionalProperties":{"type":"number"}}}}""")]
    [TestCase("""{"type":"object","properties":{"any":{"type":"object"}}}""")]
    [TestCase("""{"type":"object","properties":{},"patternProperties":{"^x":{"type":"string"}}}""")]
    [TestCase("""{"type":"array","items":{"type":"object"}}""")]
    public async Task GetResponseAsync_SchemaThatStrictWouldChange_GoesAsItIs(string schema)
    {
        var sent = await SendAsync(new() { ResponseFormat = SchemaFormat(schema) });

        var format = sent.GetProperty("response_format").GetProperty("json_schema");
        Assert.That(format.TryGetProperty("strict", out _), Is.False);
        Assert.That(JsonElement.DeepEquals(format.GetProperty("schema"), JsonDocument.Parse(schema).RootElement), Is.True);
    }

    [Test]
    public async Task GetResponseAsync_StrictSwitchedOff_LeavesTheSchema()
    {
        var sent = await SendAsync(new() { ResponseFormat = SchemaFormat(CitySchema), AdditionalProperties = new() { ["strict"] = false } });

        var format = sent.GetProperty("response_format").GetProperty("json_schema");
        Assert.That(format.GetProperty("strict").GetBoolean(), Is.False);
        Assert.That(format.GetProperty("schema").TryGetProperty("additionalProperties", out _), Is.False);
    }

    private static ChatResponseFormatJson SchemaFormat(string schema, string? name = null) =>
        ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(schema).RootElement, name);

    private static async Task<JsonElement> SendAsync(ChatOptions options)
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        await OpenAIWire.Client(wire).GetResponseAsync("hi", options);
        return wire.Sent;
    }
}
