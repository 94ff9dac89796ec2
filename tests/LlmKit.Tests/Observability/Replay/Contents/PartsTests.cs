using System.Text;
using System.Text.Json;
using LlmKit.Observability.Replay;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

#pragma warning disable MEAI001 // Experimental members are recorded too.

namespace LlmKit.Tests.Observability.Replay.Contents;

/// <summary>Every part that Microsoft.Extensions.AI has comes back as it was, and nothing of it is lost.</summary>
public sealed class PartsTests
{
    private static readonly FunctionCallContent Delete = new("c1", "delete", new Dictionary<string, object?> { ["path"] = "/x" });

    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Examples_OfParts_AreThereForEveryType()
    {
        var types = typeof(AIContent).Assembly.GetExportedTypes()
            .Where(type => typeof(AIContent).IsAssignableFrom(type) && type.GetConstructors().Length > 0 && type != typeof(AIContent));

        Assert.That(Examples().Select(part => part.GetType()).Distinct(), Is.EquivalentTo(types));
    }

    [Test]
    public async Task Parts_OfEveryType_ComeBackAsTheyWere([Values] bool recordedStreamed, [Values] bool streamed)
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
            await AskAsync(new CassetteChatClient(recorder, Model(Examples)), recordedStreamed, Asking.Question);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replayed = await AskAsync(new CassetteChatClient(cassette), streamed, Asking.Question);

        // Usage goes from the parts to the answer itself.
        var expected = await Model(Examples).GetResponseAsync([]);
        Assert.That(replayed.Messages.Single().Contents.Select(Json), Is.EqualTo(expected.Messages.Single().Contents.Select(Json)));
        Assert.That(replayed.Messages.Single().Contents.OfType<ToolApprovalRequestContent>().Select(request => request.RequiresConfirmation), Is.EqualTo([true, false]));
        var file = replayed.Messages.Single().Contents.OfType<HostedFileContent>().Single();
        Assert.That((file.SizeInBytes, file.CreatedAt, file.Purpose, file.Scope), Is.EqualTo((7L, (DateTimeOffset?)DateTimeOffset.UnixEpoch, "assistants", "container-1")));
    }

    [Test]
    public void Key_OfEveryPart_IsItsOwnAndCanBeMadeOfWhatWasReplayed()
    {
        var parts = Examples().Where(part => part is not UsageContent).ToList();

        Assert.That(parts.Select(Key), Is.Unique);
        Assert.That(parts.Select(part => Key(PartReading.Read(new PartJson(text => text, forKey: false).Of(part)))), Is.EqualTo(parts.Select(Key)));
    }

    [Test]
    public void Key_OfApprovals_GoesByTheirOrderAndNotByTheirIds()
    {
        Assert.That(Key(new ToolApprovalResponseContent("r1", approved: true, Delete)), Is.EqualTo(Key(new ToolApprovalResponseContent("r9", approved: true, new FunctionCallContent("c9", "delete", Delete.Arguments)))));
        Assert.That(Key(new ToolApprovalResponseContent("r1", approved: false, Delete)), Is.Not.EqualTo(Key(new ToolApprovalResponseContent("r1", approved: true, Delete))));
        Assert.That(Key(new ToolApprovalResponseContent("r1", approved: true, Delete)), Is.Not.EqualTo(Key(new ToolApprovalResponseContent("r1", approved: true, Delete) { Reason = "no" })));
    }

    [Test]
    public async Task Record_OfSecretsInHostedTools_StoresNoneOfThem([Values] bool streamed)
    {
        static AIContent[] Parts() =>
        [
            new McpServerToolCallContent("m", "send", "mail") { Arguments = new Dictionary<string, object?> { ["key"] = "sk-live-42" } },
            new McpServerToolResultContent("m") { Outputs = [new TextContent("sk-live-42")] },
            new WebSearchToolCallContent("w") { Queries = ["who has sk-live-42"] },
            new WebSearchToolResultContent("w") { Outputs = [new UriContent("https://a.example/?k=sk-live-42", "text/html")] },
            new ToolApprovalResponseContent("r", approved: false, Delete) { Reason = "sk-live-42" },
            new CodeInterpreterToolCallContent("p") { Inputs = [Code("print('sk-li")] },
            new CodeInterpreterToolCallContent("p") { Inputs = [Code("ve-4"), Code("2')")] },
            new CodeInterpreterToolResultContent("p") { Outputs = [new TextContent("sk-live"), new TextContent("-42 was printed")] },
        ];
        using (var recorder = _folder.Open(CassetteMode.Record, options => options.Redact = text => text.Replace("sk-live-42", "[key]", StringComparison.Ordinal)))
            await AskAsync(new CassetteChatClient(recorder, Model(Parts)), streamed, Asking.Question);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var contents = (await AskAsync(new CassetteChatClient(cassette), streamed: true, Asking.Question)).Messages.SelectMany(message => message.Contents).ToList();

        var code = string.Concat(contents.OfType<CodeInterpreterToolCallContent>().SelectMany(call => call.Inputs!).Cast<DataContent>().Select(data => Encoding.UTF8.GetString(data.Data.Span)));
        Assert.That(code, Is.EqualTo("print('[key]')"));
        Assert.That(string.Concat(contents.OfType<CodeInterpreterToolResultContent>().Single().Outputs!.Cast<TextContent>()), Is.EqualTo("[key] was printed"));
        Assert.That(_folder.Text, Does.Not.Contain("sk-").And.Not.Contain("ve-4"));

        static DataContent Code(string code) => new(Encoding.UTF8.GetBytes(code), "text/x-python");
    }

    [Test]
    public async Task Text_InAnotherEncoding_StaysByteForByte([Values] bool streamed)
    {
        byte[] latin = [0x63, 0x61, 0x66, 0xE9];
        using (var recorder = _folder.Open(CassetteMode.Record, options => options.Redact = text => text))
            await AskAsync(new CassetteChatClient(recorder, Model(() => [new DataContent(latin, "text/csv")])), streamed, Asking.Question);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replayed = await AskAsync(new CassetteChatClient(cassette), streamed, Asking.Question);

        Assert.That(replayed.Messages.Single().Contents.OfType<DataContent>().Single().Data.ToArray(), Is.EqualTo(latin));
    }

    private static AIContent[] Examples() =>
    [
        new TextContent("as [1] says") { Annotations = [new CitationAnnotation { Title = "t", Url = new("https://a.example") }], AdditionalProperties = new() { ["x"] = 1 } },
        new TextReasoningContent("thinking") { ProtectedData = "sealed" },
        new FunctionCallContent("c0", "find", new Dictionary<string, object?> { ["deep"] = new Dictionary<string, object?> { ["x"] = null } }),
        new FunctionResultContent("c0", "two\nlines"),
        new DataContent(new byte[] { 1, 2, 3 }, "image/png") { Name = "a.png" },
        new UriContent("https://a.example/x", "image/png"),
        new HostedFileContent("file-1") { MediaType = "text/csv", Name = "a.csv", SizeInBytes = 7, CreatedAt = DateTimeOffset.UnixEpoch, Purpose = "assistants", Scope = "container-1" },
        new HostedVectorStoreContent("vs-1"),
        new ErrorContent("broken") { ErrorCode = "e", Details = "d" },
        new UsageContent(new() { InputTokenCount = 3 }),
        new ToolCallContent("h1"),
        new ToolResultContent("h1"),
        new McpServerToolCallContent("m1", "search", "docs") { Arguments = new Dictionary<string, object?> { ["q"] = "x" } },
        new McpServerToolResultContent("m1") { Outputs = [new TextContent("found\nit"), new DataContent(new byte[] { 4 }, "image/png")] },
        new CodeInterpreterToolCallContent("p1") { Inputs = [new DataContent("1 + 1"u8.ToArray(), "text/x-python")] },
        new CodeInterpreterToolResultContent("p1") { Outputs = [new TextContent("2"), new HostedFileContent("file-2")] },
        new WebSearchToolCallContent("w1") { Queries = ["one", "two"] },
        new WebSearchToolResultContent("w1") { Outputs = [new UriContent("https://b.example", "text/html")] },
        new ImageGenerationToolCallContent("i1"),
        new ImageGenerationToolResultContent("i1") { Outputs = [new DataContent(new byte[] { 9 }, "image/png")] },
        new ToolApprovalRequestContent("r1", Delete),
        new ToolApprovalRequestContent("r2", new McpServerToolCallContent("m2", "drop", "db")) { RequiresConfirmation = false },
        new ToolApprovalResponseContent("r1", approved: true, Delete) { Reason = "fine" },
    ];

    private static UpdatesChatClient Model(Func<AIContent[]> parts) => new(() => [.. parts().Select(part => new ChatResponseUpdate(ChatRole.Assistant, [part]) { MessageId = "m", ResponseId = "r" })]);

    private static string Key(AIContent part) => CanonicalJson.KeyOf(RequestJson.Of([new(ChatRole.User, [part])], (ChatOptions?)null, null, new(new())));

    private static string Json(AIContent part) => JsonSerializer.Serialize(part, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)));

    private static async Task<ChatResponse> AskAsync(CassetteChatClient client, bool streamed, IEnumerable<ChatMessage> messages) => streamed
        ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
        : await client.GetResponseAsync(messages);
}
