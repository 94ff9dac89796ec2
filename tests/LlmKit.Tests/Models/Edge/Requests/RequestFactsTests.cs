using LlmKit.Models;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge.Requests;

public sealed class RequestFactsTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("word ", 4_000));
    private static readonly Model Model = new("model", new(), entry: null, provider: null, clientModelId: null);

    private static IEnumerable<TestCaseData> Texts()
    {
        yield return new TestCaseData(new ChatMessage(ChatRole.User, Long), null).SetArgDisplayNames("text");
        yield return new TestCaseData(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent(Long)]), null).SetArgDisplayNames("reasoning");
        yield return new TestCaseData(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", Long)]), null).SetArgDisplayNames("result");
        yield return new TestCaseData(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", new { a = Long })]), null).SetArgDisplayNames("result object");
        yield return new TestCaseData(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["a"] = Long })]), null).SetArgDisplayNames("arguments");
        yield return new TestCaseData(new ChatMessage(ChatRole.User, [new DataContent(System.Text.Encoding.UTF8.GetBytes(Long), "text/plain")]), null).SetArgDisplayNames("text file");
        yield return new TestCaseData(new ChatMessage(ChatRole.User, "hi"), new ChatOptions { Instructions = Long }).SetArgDisplayNames("instructions");
        yield return new TestCaseData(new ChatMessage(ChatRole.User, "hi"), new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "f", Long)] }).SetArgDisplayNames("tool");
        yield return new TestCaseData(new ChatMessage(ChatRole.User, "hi"), new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonSerializer.SerializeToElement(new { description = Long })) }).SetArgDisplayNames("schema");
    }

    [TestCaseSource(nameof(Texts))]
    public void Tokens_LongTextAnywhere_IsCounted(ChatMessage message, ChatOptions? options)
    {
        var facts = new RequestFacts([message], options);

        Assert.That(facts.WorstTokens(Model), Is.InRange(10_000, 10_200));
        Assert.That(facts.Tokens(Model), Is.InRange(4_000, 5_200));
    }

    [Test]
    public void Tokens_Image_HasAPriceOfItsOwn()
    {
        var facts = new RequestFacts([new(ChatRole.User, [new UriContent("https://example.com/a.png", "image/png")])], null);

        Assert.That(facts.Tokens(Model), Is.GreaterThan(1_000));
        Assert.That(facts.WorstTokens(Model), Is.GreaterThan(facts.Tokens(Model)));
        Assert.That(facts.Needs, Is.EqualTo(ModelCapabilities.Images));
    }

    [Test]
    public void Tokens_ArgumentsThatCannotBeWritten_AreNotFatal()
    {
        var facts = new RequestFacts([new(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["a"] = typeof(string) })])], null);

        Assert.That(facts.Tokens(Model), Is.GreaterThan(0));
    }

    [Test]
    public void State_HostedFile_IsTheFilesId()
    {
        var facts = new RequestFacts([new(ChatRole.User, [new HostedFileContent("file-1")])], null);

        Assert.That(facts.State, Is.EqualTo("file-1"));
    }

    private static readonly ChatOptions[] WithFiles =
    [
        new() { Tools = [new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("kept-1")] }] },
        new() { Tools = [new HostedWebSearchTool(), new HostedCodeInterpreterTool { Inputs = [new TextContent("x"), new HostedFileContent("kept-1")] }] },
    ];

    [TestCaseSource(nameof(WithFiles))]
    public void State_FileOfATool_IsTheFilesId(ChatOptions options) =>
        Assert.That(new RequestFacts([new(ChatRole.User, "hi")], options).State, Is.EqualTo("kept-1"));

    [Test]
    public void Tokens_OfToolCallsAndResults_AreThoseOfCompactJson()
    {
        var facts = new RequestFacts(
            [new(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["city"] = "Oslo" })]), new(ChatRole.Tool, [new FunctionResultContent("1", new Dictionary<string, object?> { ["degrees"] = 7 })])],
            null);

        Assert.That(facts.Tokens(Model), Is.EqualTo(2 * TokenEstimator.TokensPerMessage
            + TokenEstimator.Estimate("f") + TokenEstimator.Estimate("""{"city":"Oslo"}""") + TokenEstimator.Estimate("""{"degrees":7}""")));
    }

    [Test]
    public void WorstTokens_TextOfTenMillionCharacters_IsCounted()
    {
        var facts = new RequestFacts([new(ChatRole.User, new string('x', 10_000_000))], null);

        Assert.That(facts.WorstTokens(Model), Is.EqualTo(5_000_004));
    }

    [Test]
    public void Tokens_ImageWhoseSizeIsRead_FollowTheModelsRule()
    {
        var model = new Model("model", new() { ImageTokens = ImageTokenRule.Tiles(85, 170) }, entry: null, provider: null, clientModelId: null);
        var image = new DataContent(ImageBytes.Png(1_024, 1_024), "image/png");
        var small = new DataContent(ImageBytes.Png(1_024, 1_024), "image/png") { AdditionalProperties = new() { ["detail"] = "low" } };

        Assert.That(new RequestFacts([new(ChatRole.User, [image])], null).Tokens(model), Is.EqualTo(765 + TokenEstimator.TokensPerMessage));
        Assert.That(new RequestFacts([new(ChatRole.User, [small])], null).Tokens(model), Is.EqualTo(85 + TokenEstimator.TokensPerMessage));
    }

    [Test]
    public void Tokens_OfToolsAndMessages_AreCorrectedByThemselves()
    {
        var model = new Model("model", new(), entry: null, provider: null, clientModelId: null);
        var tooled = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "f", Long)] };
        var plain = new RequestFacts([new(ChatRole.User, Long)], null).Tokens(model);
        for (var i = 0; i < 50; i++)
        {
            new RequestFacts([new(ChatRole.User, "hi")], tooled).Teach(model, call: null, 8_000);
            new RequestFacts([new(ChatRole.User, Long)], null).Teach(model, call: null, plain);
        }

        Assert.That(new RequestFacts([new(ChatRole.User, "hi")], tooled).Tokens(model), Is.InRange(7_600, 8_400));
        Assert.That(new RequestFacts([new(ChatRole.User, Long)], null).Tokens(model), Is.InRange(plain * 0.95, plain * 1.05));
    }

    [Test]
    public void Teach_RequestWithAnImageOrAState_TeachesNothing()
    {
        var model = new Model("model", new(), entry: null, provider: null, clientModelId: null);
        var before = new RequestFacts([new(ChatRole.User, Long)], null).Tokens(model);

        new RequestFacts([new(ChatRole.User, [new TextContent(Long), new DataContent(ImageBytes.Png(10, 10), "image/png")])], null).Teach(model, call: null, 9_000);
        new RequestFacts([new(ChatRole.User, Long)], new() { ConversationId = "c" }).Teach(model, call: null, 9_000);

        Assert.That(new RequestFacts([new(ChatRole.User, Long)], null).Tokens(model), Is.EqualTo(before));
    }

    [Test]
    public void Teach_RequestThatWasChangedMeanwhile_IsNotFatal()
    {
        var messages = new List<ChatMessage> { new(ChatRole.User, "hi") };
        var facts = new RequestFacts(messages, null);
        messages.Add(null!);

        Assert.That(() => facts.Teach(Model, call: null, 5), Throws.Nothing);
    }
}
