using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Observability.Replay;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay.Properties;

/// <summary>What holds for any conversation, in any pieces.</summary>
public sealed class CassetteProperties
{
    private static readonly Gen<string> Words = Gen.Elements("", "a", "Rome\n", "\nsunny", "é😀", " ", "\"quoted\" \\ ", "{\"a\": 1}", "\r\n\t", "<b>&amp;</b>", "“…”", "0");

    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Replay_OfAnyAnswerInAnyPieces_EqualsIt() => Prop.ForAll(
        Conversations(), Gen.ArrayOf(Updates()).ToArbitrary(), ArbMap.Default.ArbFor<bool>(),
        (messages, updates, streamed) => ReplaysAsync(messages, updates, streamed).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Test]
    public void Key_OfAnyConversation_IsTheSameHoweverItIsWritten() => Prop.ForAll(
        Conversations(), ArbMap.Default.ArbFor<int>(),
        (messages, seed) => Key(messages, Options([Tool("a"), Tool("b"), Tool("c")], ("x", 1), ("y", "2")))
            == Key(Rewritten(messages, new Random(seed)), Options([Tool("c"), Tool("a"), Tool("b")], ("y", "2"), ("x", 1)))).QuickCheckThrowOnFailure();

    [Test]
    public void Key_OfAnyConversationThatChanges_IsAnother() => Prop.ForAll(
        Conversations(), Gen.Choose(0, Changes.Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<NonNegativeInt>(),
        (messages, change, at) => Key(messages, options: null) != Key(Changed(messages, Changes[change], at.Get), options: null)).QuickCheckThrowOnFailure();

    [Test]
    public void Secrets_InAnyPieces_NeverReachAFile() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 30)).ToArbitrary(), Words.ToArbitrary(), ArbMap.Default.ArbFor<bool>(),
        (cuts, words, isReasoning) => KeepsSecretAsync(cuts, words, isReasoning).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    private static readonly Func<ChatMessage, ChatMessage>[] Changes =
    [
        message => With(message, [.. message.Contents, new TextContent("one more")]),
        message => With(message, [.. message.Contents, new FunctionCallContent("new", "f")]),
        message => With(message, [new TextReasoningContent("first"), .. message.Contents]),
        message => With(message, [.. message.Contents, new DataContent(new byte[] { 7 }, "image/png")]),
        message => new(new ChatRole(message.Role.Value + "x"), message.Contents),
        message => new(message.Role, message.Contents) { AuthorName = "another" },
    ];

    private async Task<bool> ReplaysAsync(ChatMessage[] messages, ChatResponseUpdate[][] updates, bool streamed)
    {
        ChatResponseUpdate[] all = [.. updates.SelectMany(group => group).Select((update, i) => Named(update, i)), new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 3, OutputTokenCount = 4 })]) { FinishReason = ChatFinishReason.Stop, MessageId = "m" }];
        using (var recorder = _folder.Open(CassetteMode.Record))
            await ReadAsync(new CassetteChatClient(recorder, new UpdatesChatClient(() => [.. all.Select(update => update.Clone())])), messages, streamed);
        using var cassette = _folder.Open(CassetteMode.Replay);
        var client = new CassetteChatClient(cassette);
        return streamed
            ? (await client.GetStreamingResponseAsync(messages).ToListAsync()).Select(Json).SequenceEqual(all.Select(Json))
            : Json(await client.GetResponseAsync(messages)) == Json(all.ToChatResponse());
    }

    private async Task<bool> KeepsSecretAsync(int[] cuts, string words, bool isReasoning)
    {
        const string secret = "sk-live-4242";
        var text = $"{words}{secret}{words}{secret}";
        int[] places = [0, .. cuts.Select(cut => Math.Min(cut, text.Length)).Order(), text.Length];
        var pieces = places.Zip(places.Skip(1)).Select(pair => text[pair.First..pair.Second]).ToList();
        static void Redact(CassetteOptions options) => options.Redact = text => text.Replace(secret, "[key]", StringComparison.Ordinal);
        using (var recorder = _folder.Open(CassetteMode.Record, Redact))
        {
            var model = new UpdatesChatClient(() => [.. pieces.Select(piece => new ChatResponseUpdate(ChatRole.Assistant, [isReasoning ? new TextReasoningContent(piece) : new TextContent(piece)]))]);
            await ReadAsync(new CassetteChatClient(recorder, model), [new(ChatRole.User, [.. pieces.Select(piece => new TextContent(piece))])], streamed: true);
        }

        using var cassette = _folder.Open(CassetteMode.Replay, Redact);
        var updates = await new CassetteChatClient(cassette).GetStreamingResponseAsync([new(ChatRole.User, text)]).ToListAsync();
        var replayed = string.Concat(updates.SelectMany(update => update.Contents).Select(part => part is TextReasoningContent reasoning ? reasoning.Text : part.ToString()));
        return updates.Count == pieces.Count
            && replayed == $"{words}[key]{words}[key]"
            && !_folder.Text.Contains("sk-", StringComparison.Ordinal) && !_folder.Text.Contains("4242", StringComparison.Ordinal);
    }

    private static Arbitrary<ChatMessage[]> Conversations()
    {
        var message = from role in Gen.Elements(ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool)
                      from parts in Gen.ArrayOf(Part())
                      select new ChatMessage(role, [.. parts]);
        return Gen.NonEmptyListOf(message).Select(messages => messages.ToArray()).ToArbitrary();
    }

    private static Gen<ChatResponseUpdate[]> Updates() =>
        from parts in Gen.ArrayOf(Part())
        select parts.Select(part => new ChatResponseUpdate(ChatRole.Assistant, [part]) { MessageId = "m", ResponseId = "r" }).ToArray();

    private static Gen<AIContent> Part() =>
        from words in Words
        from number in Gen.Choose(0, 3)
        from kind in Gen.Choose(0, 9)
        select kind switch
        {
            0 or 1 or 2 => new TextContent(words),
            3 => new TextReasoningContent(words),
            4 => new FunctionCallContent($"call{number}", "find", new Dictionary<string, object?> { ["text"] = words, ["n"] = number, ["deep"] = new Dictionary<string, object?> { ["a"] = null, ["b"] = new[] { words } } }),
            5 => new FunctionResultContent($"call{number}", words),
            6 => new DataContent(System.Text.Encoding.UTF8.GetBytes(words), number == 0 ? "text/plain" : "image/png"),
            7 => new McpServerToolCallContent($"call{number}", "search", "docs") { Arguments = new Dictionary<string, object?> { ["q"] = words } },
            8 => new ToolApprovalRequestContent($"ask{number}", new FunctionCallContent($"call{number}", "drop")),
            _ => (AIContent)new ErrorContent(words),
        };

    /// <summary>The same with other ids of calls, and texts in other pieces.</summary>
    private static ChatMessage[] Rewritten(ChatMessage[] messages, Random random) =>
        [.. messages.Select(message => new ChatMessage(message.Role, [.. message.Contents.SelectMany(part => Rewritten(part, random))]) { MessageId = $"{random.Next()}" })];

    private static IEnumerable<AIContent> Rewritten(AIContent part, Random random)
    {
        switch (part)
        {
            case TextContent text:
                var cut = random.Next(text.Text.Length + 1);
                return [new TextContent(text.Text[..cut]), new UsageContent(new()), new TextContent(text.Text[cut..])];
            case FunctionCallContent call:
                return [new FunctionCallContent("id " + call.CallId, call.Name, call.Arguments!.Reverse().ToDictionary())];
            case FunctionResultContent result:
                return [new FunctionResultContent("id " + result.CallId, JsonSerializer.SerializeToElement((string)result.Result!))];
            case McpServerToolCallContent call:
                return [new McpServerToolCallContent("id " + call.CallId, call.Name, call.ServerName) { Arguments = call.Arguments }];
            case ToolApprovalRequestContent request:
                return [new ToolApprovalRequestContent("id " + request.RequestId, new FunctionCallContent("id " + request.ToolCall.CallId, "drop"))];
            default:
                return [part];
        }
    }

    private static ChatMessage[] Changed(ChatMessage[] messages, Func<ChatMessage, ChatMessage> change, int at) =>
        [.. messages.Select((message, i) => i == at % messages.Length ? change(message) : message)];

    private static ChatMessage With(ChatMessage message, IList<AIContent> contents) => new(message.Role, contents);

    private static ChatResponseUpdate Named(ChatResponseUpdate update, int i)
    {
        if (i == 0)
            update.AdditionalProperties = new() { ["system_fingerprint"] = "fp" };
        return update;
    }

    private static ChatOptions Options(AITool[] tools, params (string Name, object Value)[] properties) =>
        new() { Tools = tools, AdditionalProperties = new(properties.ToDictionary(property => property.Name, property => (object?)property.Value)) };

    private static AIFunction Tool(string name) => AIFunctionFactory.Create((string city) => city, name);

    private static string Key(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var settings = new CassetteOptions();
        settings.KeyProperties.UnionWith(["x", "y"]);
        return CanonicalJson.KeyOf(RequestJson.Of(messages, options, model: "m", new(settings)));
    }

    private static string Json(ChatResponse response) => Json(response, response.AdditionalProperties);

    private static string Json(ChatResponseUpdate update) => Json(update, update.AdditionalProperties);

    /// <summary>Gives the JSON of an answer with its names sorted, as a file has them, and without the mark of a replay.</summary>
    private static string Json<T>(T answer, AdditionalPropertiesDictionary? properties)
    {
        properties?.Remove(LlmKitDiagnostics.ReplayTag);
        var json = JsonSerializer.SerializeToNode(answer, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)))!.AsObject();
        if (properties is { Count: 0 })
            json.Remove("additionalProperties");
        return CanonicalJson.Compact(json);
    }

    private static async Task ReadAsync(CassetteChatClient client, ChatMessage[] messages, bool streamed)
    {
        if (streamed)
            await client.GetStreamingResponseAsync(messages).ToListAsync();
        else
            await client.GetResponseAsync(messages);
    }
}
