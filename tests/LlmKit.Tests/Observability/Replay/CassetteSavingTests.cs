using System.Text.Json;
using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay;

/// <summary>What may be stored, what is refused, and what becomes of the file.</summary>
public sealed class CassetteSavingTests
{
    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Record_OfASecretAcrossPieces_StoresNoneOfIt([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("The key is sk-", "live", "-4", "2, keep it."));
        using (var recorder = _folder.Open(CassetteMode.Record, Redacting))
            await AskAsync(new CassetteChatClient(recorder, model), streamed, [new(ChatRole.User, [new TextContent("My key: sk-li"), new TextContent("ve-42")])]);

        using var cassette = _folder.Open(CassetteMode.Replay, Redacting);
        var client = new CassetteChatClient(cassette);
        var replayed = await AskAsync(client, streamed, [new(ChatRole.User, "My key: [key]")]);

        Assert.That(replayed.Text, Is.EqualTo("The key is [key], keep it."));
        Assert.That(_folder.Text, Does.Not.Contain("sk-").And.Not.Contain("live"));
    }

    [Test]
    public async Task Record_OfAnUnchangedStreamWithASplitCharacter_KeepsTheCharacter()
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
            await AskAsync(new CassetteChatClient(recorder, new ScriptedChatClient(ScriptedAnswer.Text("a\ud83d", "\ude00b"))), streamed: true, Asking.Question);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var updates = await new CassetteChatClient(cassette).GetStreamingResponseAsync(Asking.Question).ToListAsync();

        Assert.That(updates.Take(2).Select(update => update.Text), Is.EqualTo(["a", "\ud83d\ude00b"]));
    }

    [Test]
    public async Task Record_OfSecretsInToolsAndErrors_StoresNoneOfThem()
    {
        var call = new FunctionCallContent("c1", "send", new Dictionary<string, object?> { ["to"] = "sk-live-42", ["more"] = new[] { "sk-live-42" } });
        using (var recorder = _folder.Open(CassetteMode.Record, Redacting))
        {
            var client = new CassetteChatClient(recorder, new ScriptedChatClient(
                ScriptedAnswer.Text() with { Contents = [call, new ErrorContent("sk-live-42"), new UriContent("https://a.example/?key=sk-live-42", "image/png")] },
                ScriptedAnswer.Throws(new HttpRequestException("bad key sk-live-42"))));
            await AskAsync(client, streamed: true, Asking.Question);
            Assert.That(() => AskAsync(client, streamed: false, [new(ChatRole.Tool, [new FunctionResultContent("c1", JsonDocument.Parse("{\"sk-live-42\":[\"sk-live-42\"]}").RootElement)])]), Throws.TypeOf<HttpRequestException>());
        }

        Assert.That(_folder.Text, Does.Not.Contain("sk-live"));
        Assert.That(_folder.Text, Does.Contain("https://a.example/?key=[key]"));
    }

    [Test]
    public async Task Record_WhereRedactionThrows_StoresNothingAndTheCallGoesOn([Values] bool streamed, [Values] bool inAnswer)
    {
        await File.WriteAllTextAsync(_folder.File, "the old file");
        var recorder = _folder.Open(CassetteMode.Record, options => options.Redact = text =>
            text.Contains(inAnswer ? "Paris" : "capital", StringComparison.Ordinal) ? throw new FormatException("secret words of " + text) : text);

        var answer = await AskAsync(new CassetteChatClient(recorder, new ScriptedChatClient(ScriptedAnswer.Text("Par", "is"))), streamed, Asking.Question);

        Assert.That(answer.Text, Is.EqualTo("Paris"));
        Assert.That(() => recorder.SaveAsync(), Throws.TypeOf<CassetteException>().With.Message.Contains("System.FormatException").And.Message.Not.Contains("secret words"));
        Assert.That(recorder.Dispose, Throws.TypeOf<CassetteException>());
        Assert.That(_folder.Text, Is.EqualTo("the old file"));
    }

    [Test]
    public async Task Record_OfAnUnknownPart_RefusesAndNamesItsType([Values] bool streamed, [Values] bool inAnswer)
    {
        var recorder = _folder.Open(CassetteMode.Record);
        var model = new ScriptedChatClient(ScriptedAnswer.Text("hi") with { Contents = inAnswer ? [new StrangePart()] : [] });

        await AskAsync(new CassetteChatClient(recorder, model), streamed, [new(ChatRole.User, inAnswer ? [] : [new StrangePart()])]);

        Assert.That(() => recorder.SaveAsync(), Throws.TypeOf<CassetteException>().With.Message.Contains(typeof(StrangePart).FullName!));
        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public async Task Record_OverAnOldFile_DropsWhatIsNotAskedForAnyMore()
    {
        foreach (var question in new[] { "old", "new" })
        {
            using var recorder = _folder.Open(CassetteMode.Record);
            await AskAsync(new CassetteChatClient(recorder, new ScriptedChatClient(ScriptedAnswer.Text("hi"))), streamed: false, [new(ChatRole.User, question)]);
        }

        Assert.That(_folder.Text, Does.Contain("\"new\"").And.Not.Contain("\"old\""));
        Assert.That(_folder.Files, Is.EqualTo(["test.cassette.json"]));
    }

    [Test]
    public async Task Record_OfNothing_LeavesTheOldFile([Values] bool withARefusedCall)
    {
        await File.WriteAllTextAsync(_folder.File, "the old file");

        using (var recorder = _folder.Open(CassetteMode.Record))
        {
            var refusing = new ScriptedChatClient(ScriptedAnswer.Throws(new AttemptRefusedException(RefusalReason.Limit, "m", "full")));
            if (withARefusedCall)
                Assert.That(() => AskAsync(new CassetteChatClient(recorder, refusing), streamed: false, Asking.Question), Throws.TypeOf<AttemptRefusedException>());
        }

        Assert.That(_folder.Text, Is.EqualTo("the old file"));
    }

    [Test]
    public async Task Parts_OfEveryKind_ComeBackAsTheyWere([Values] bool recordedStreamed, [Values] bool streamed)
    {
        AIContent[] parts =
        [
            new TextReasoningContent("thinking") { ProtectedData = "sealed" },
            new TextContent("as [1] says") { Annotations = [new CitationAnnotation { Title = "t", Url = new("https://a.example"), Snippet = "s", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 3, EndIndex = 6 }] }] },
            new FunctionCallContent("c1", "find", new Dictionary<string, object?> { ["deep"] = new Dictionary<string, object?> { ["x"] = null }, ["n"] = 5, ["text"] = new[] { "a", "b" } }),
            new FunctionResultContent("c1", "two\nlines"),
            new FunctionResultContent("c2", new Dictionary<string, object?> { ["ok"] = true }),
            new DataContent(new byte[] { 1, 2, 3 }, "image/png") { Name = "a.png" },
            new UriContent("https://a.example/x", "image/png"),
            new HostedFileContent("file-1") { MediaType = "text/csv", Name = "a.csv" },
            new HostedVectorStoreContent("vs-1"),
            new ErrorContent("broken") { ErrorCode = "e", Details = "d" },
        ];
        using (var recorder = _folder.Open(CassetteMode.Record))
            await AskAsync(new CassetteChatClient(recorder, new ScriptedChatClient(ScriptedAnswer.Text() with { Contents = parts })), recordedStreamed, Asking.Question);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replayed = (await AskAsync(new CassetteChatClient(cassette), streamed, Asking.Question)).Messages.Single().Contents;

        Assert.That(replayed.Select(part => part.GetType()), Is.EqualTo(parts.Select(part => part.GetType())));
        Assert.That(Json(replayed), Is.EqualTo(Json(parts)));
        Assert.That(((FunctionResultContent)replayed[3]).Result, Is.EqualTo("two\nlines"));
        Assert.That(((TextReasoningContent)replayed[0]).ProtectedData, Is.EqualTo("sealed"));
    }

    [Test]
    public async Task Answers_OfReplays_AreObjectsOfTheirOwn()
    {
        using var cassette = Cassette.InMemory(options: new() { WrapAround = true });
        cassette.Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, "Paris")) { AdditionalProperties = new() { ["system_fingerprint"] = "fp1", ["odd"] = new Action(() => { }) } });
        var client = new CassetteChatClient(cassette);

        var first = await client.GetResponseAsync(Asking.Question);
        first.Messages[0].Contents.Clear();
        first.AdditionalProperties!.Clear();
        var second = await client.GetResponseAsync(Asking.Question);

        Assert.That(second.Text, Is.EqualTo("Paris"));
        Assert.That(second.AdditionalProperties!["system_fingerprint"], Is.EqualTo("fp1"));
        Assert.That(second.AdditionalProperties, Does.Not.ContainKey("odd"));
    }

    [Test]
    public void Add_OfAnUnknownPart_Throws() => Assert.That(
        () => Cassette.InMemory().Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, [new StrangePart()]))),
        Throws.TypeOf<CassetteException>().With.Message.Contains(nameof(StrangePart)));

    [Test]
    public async Task Unused_Recordings_AreNamed()
    {
        using var cassette = Cassette.InMemory();
        foreach (var text in new[] { "a", "b", "c" })
            cassette.Add([new(ChatRole.User, text)], new() { ModelId = "m" }, new(new ChatMessage(ChatRole.Assistant, text)), scope: "s");
        using (cassette.Scope("s"))
            await new CassetteChatClient(cassette).GetResponseAsync("b", new() { ModelId = "m" });

        Assert.That(cassette.Unused.Select(recording => (recording.Number, recording.Scope, recording.Model)), Is.EqualTo([(1, "s", "m"), (3, "s", "m")]));
        Assert.That(cassette.AssertAllPlayed, Throws.TypeOf<CassetteException>().With.Message.Contains("2 of 3 recordings").And.Message.Contains("1 ("));
    }

    private static void Redacting(CassetteOptions options) => options.Redact = text => text.Replace("sk-live-42", "[key]", StringComparison.Ordinal);

    private static string Json(IEnumerable<AIContent> parts) => JsonSerializer.Serialize(parts, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IEnumerable<AIContent>)));

    private static async Task<ChatResponse> AskAsync(CassetteChatClient client, bool streamed, IEnumerable<ChatMessage> messages) => streamed
        ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
        : await client.GetResponseAsync(messages);

    private sealed class StrangePart : AIContent;
}
