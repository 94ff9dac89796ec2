using LlmKit.Models;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

public sealed class RequestFactsTests
{
    private static readonly string Long = new('x', 20_000);

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

        Assert.That(facts.WorstTokens, Is.InRange(10_000, 10_200));
        Assert.That(facts.Tokens, Is.InRange(5_000, 5_200));
    }

    [Test]
    public void Tokens_Image_HasAPriceOfItsOwn()
    {
        var facts = new RequestFacts([new(ChatRole.User, [new UriContent("https://example.com/a.png", "image/png")])], null);

        Assert.That(facts.Tokens, Is.GreaterThan(1_000));
        Assert.That(facts.WorstTokens, Is.GreaterThan(facts.Tokens));
        Assert.That(facts.Needs, Is.EqualTo(ModelCapabilities.Images));
    }

    [Test]
    public void Tokens_ArgumentsThatCannotBeWritten_AreNotFatal()
    {
        var facts = new RequestFacts([new(ChatRole.Assistant, [new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["a"] = typeof(string) })])], null);

        Assert.That(facts.Tokens, Is.GreaterThan(0));
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
    public void WorstTokens_TextOfTenMillionCharacters_IsCounted()
    {
        var facts = new RequestFacts([new(ChatRole.User, new string('x', 10_000_000))], null);

        Assert.That(facts.WorstTokens, Is.EqualTo(5_000_004));
    }
}
