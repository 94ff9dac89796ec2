using System.Text;
using System.Text.Json;
using LlmKit.Observability.Tracing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class CleanCopyTests
{
    private const string Marker = "M4RKER";

    [Test]
    public void Of_MessagesWithEveryPart_AreWrittenAsTheOriginals()
    {
        var content = new ContentJson(redact: null, 1_000, 1_000_000);

        var copies = CleanCopy.Of(Messages(), Scope(redact: null));

        Assert.That(content.Messages(copies), Is.EqualTo(content.Messages(Messages())));
        Assert.That(content.Messages(copies), Does.Contain(Marker));
    }

    [Test]
    public void Of_MessagesWithEveryPart_NoTextIsLeftAsItWas()
    {
        var copies = CleanCopy.Of(Messages(), Scope(static text => text.Replace(Marker, "***", StringComparison.Ordinal)));

        var json = JsonSerializer.Serialize(copies.Where(message => !message.Contents.OfType<UnknownContent>().Any()), AIJsonUtilities.DefaultOptions);
        Assert.That(json, Does.Not.Contain("M4R").And.Contain("***"));
        Assert.That(copies.SelectMany(message => message.Contents).OfType<DataContent>().Select(data => Encoding.UTF8.GetString(data.Data.Span)), Has.None.Contains(Marker));
    }

    [Test]
    public void Of_ArgumentByTheNameOfASecret_IsWithheld()
    {
        var call = new FunctionCallContent("1", "login", new Dictionary<string, object?> { ["user"] = "ann", ["password"] = Marker, ["form"] = "{\"password\":\"M4RKER\"}" });

        var copy = (FunctionCallContent)CleanCopy.Of([new ChatMessage(ChatRole.Assistant, [call])], Scope(redact: null))[0].Contents[0];

        Assert.That(copy.Arguments, Is.EqualTo(new Dictionary<string, object?> { ["user"] = "ann", ["password"] = "[withheld]", ["form"] = "{\"password\":\"[withheld]\"}" }));
    }

    [Test]
    public void Of_ArgumentsThatBecomeTheSame_AreBothKept()
    {
        var call = new FunctionCallContent("1", "tool", new Dictionary<string, object?> { ["ann"] = 1, ["bob"] = 2 });

        var copy = (FunctionCallContent)CleanCopy.Of([new ChatMessage(ChatRole.Assistant, [call])], Scope(static _ => "X"))[0].Contents[0];

        Assert.That(copy.Arguments, Is.EqualTo(new Dictionary<string, object?> { ["X"] = 1, ["X 2"] = 2 }));
    }

    [Test]
    public void Of_Response_KeepsItsFactsAndSharesNothing()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "hi")) { ResponseId = "r", ModelId = "m", FinishReason = ChatFinishReason.Length, Usage = new() { InputTokenCount = 3 } };

        var copy = CleanCopy.Of(response, Scope(redact: null));

        Assert.That((copy.Text, copy.ResponseId, copy.ModelId, copy.FinishReason, copy.Usage!.InputTokenCount), Is.EqualTo(("hi", "r", "m", (ChatFinishReason?)ChatFinishReason.Length, (long?)3)));
        Assert.That((ReferenceEquals(copy.Usage, response.Usage), ReferenceEquals(copy.Messages[0], response.Messages[0])), Is.EqualTo((false, false)));
    }

    private static ContentScope Scope(Func<string, string>? redact) => new(redact, int.MaxValue, long.MaxValue, keepsBlank: true);

    private static List<ChatMessage> Messages()
    {
        Dictionary<string, object?> arguments = new() { ["city"] = Marker, ["n"] = 1, ["deep"] = new object?[] { Marker, new Dictionary<string, object?> { [Marker] = JsonSerializer.SerializeToElement(Marker) } } };
        List<AIContent> inside = [new TextContent(Marker), new DataContent("data"u8.ToArray(), "image/png")];
        return
        [
            new(ChatRole.User, Marker) { AuthorName = Marker },
            new(ChatRole.User, [new TextContent(Marker) { AdditionalProperties = new() { ["x"] = Marker }, RawRepresentation = Marker }, new TextReasoningContent(Marker) { ProtectedData = Marker }]),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "tool", arguments) { Exception = new FormatException(Marker) }, new FunctionCallContent("2", "tool")]),
            new(ChatRole.Tool, [new FunctionResultContent("1", arguments), new FunctionResultContent("2", Marker), new FunctionResultContent("3", null) { Exception = new FormatException(Marker) }]),
            new(ChatRole.User, [new DataContent("bytes"u8.ToArray(), "image/png") { Name = Marker }, new HostedFileContent("f") { MediaType = "text/plain", Name = Marker }, new HostedVectorStoreContent("v")]),
            new(ChatRole.User, [new UriContent(new Uri("https://files.example/a?sig=" + Marker), "image/png"), new UriContent(new Uri("https://files.example/b"), "image/png")]),
            new(ChatRole.Assistant, [new ErrorContent(Marker) { ErrorCode = "c", Details = Marker }, new UsageContent(new() { InputTokenCount = 1 })]),
            new(ChatRole.Assistant, [new McpServerToolCallContent("4", "tool", "server") { Arguments = arguments }, new McpServerToolResultContent("4") { Outputs = inside }]),
            new(ChatRole.Assistant, [new CodeInterpreterToolCallContent("5") { Inputs = inside }, new CodeInterpreterToolResultContent("5") { Outputs = inside }]),
            new(ChatRole.Assistant, [new WebSearchToolCallContent("6") { Queries = [Marker] }, new WebSearchToolResultContent("6") { Outputs = inside }]),
            new(ChatRole.Assistant, [new ImageGenerationToolCallContent("7"), new ImageGenerationToolResultContent("7") { Outputs = inside }, new ToolCallContent("8"), new ToolResultContent("8")]),
            new(ChatRole.User, [new StrangeContent(Marker)]),
        ];
    }

    private sealed class StrangeContent(string text) : AIContent
    {
        public string Text => text;
    }
}
