using LlmKit.Integration.Tests.Support;
using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using static LlmKit.Integration.Tests.OpenAI.OpenAIWire;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIStreamTests
{
    private const string Role = """{"role":"assistant","content":""}""";

    [Test]
    public async Task GetStreamingResponseAsync_Text_ComesAsItIsSentAndUsageLast()
    {
        var updates = await ReadAsync(Chunk(Role) + TextChunk("Hel") + TextChunk("lo.") + Chunk("{}", "stop") + UsageChunk() + Done);

        Assert.That(updates.Select(u => u.Text).Where(t => t.Length > 0), Is.EqualTo(new[] { "Hel", "lo." }));
        Assert.That(updates.Where(u => u.FinishReason is not null).Select(u => u.FinishReason), Is.EqualTo(new[] { (ChatFinishReason?)ChatFinishReason.Stop }));
        Assert.That(updates[^1].Contents.Single(), Is.InstanceOf<UsageContent>());
        Assert.That(updates.SelectMany(u => u.Contents).OfType<UsageContent>().ToList(), Has.Count.EqualTo(1));
        Assert.That(updates, Has.All.Matches<ChatResponseUpdate>(u => u is { ResponseId: "chatcmpl-1", ModelId: "small-2026" } && u.Role == ChatRole.Assistant));
    }

    [Test]
    public async Task GetStreamingResponseAsync_Text_EqualsThePlainAnswer()
    {
        var streamed = (await ReadAsync(Chunk(Role) + TextChunk("Hello.") + Chunk("{}", "stop") + UsageChunk() + Done)).ToChatResponse();
        var plain = await Client(CannedWire.Answering(Completion())).GetResponseAsync("hi");

        Assert.That(streamed.Text, Is.EqualTo(plain.Text));
        Assert.That(streamed.FinishReason, Is.EqualTo(plain.FinishReason));
        Assert.That(streamed.ResponseId, Is.EqualTo(plain.ResponseId));
        Assert.That(streamed.ModelId, Is.EqualTo(plain.ModelId));
        Assert.That(streamed.CreatedAt, Is.EqualTo(plain.CreatedAt));
        Assert.That(streamed.Usage!.TotalTokenCount, Is.EqualTo(plain.Usage!.TotalTokenCount));
        Assert.That(streamed.Usage.CachedInputTokenCount, Is.EqualTo(plain.Usage.CachedInputTokenCount));
        Assert.That(streamed.Usage.ReasoningTokenCount, Is.EqualTo(plain.Usage.ReasoningTokenCount));
        Assert.That((streamed.Messages[0].AdditionalProperties!["SystemFingerprint"], streamed.Messages[0].AdditionalProperties!["ServiceTier"]), Is.EqualTo(("fp_1", "priority")));
    }

    [Test]
    public async Task GetStreamingResponseAsync_CumulativeUsageOnEveryChunk_IsGivenOnce()
    {
        static string Counting(string text, int output) =>
            Chunk($$"""{"content":"{{text}}"}""", extra: $$""","usage":{"prompt_tokens":10,"completion_tokens":{{output}},"total_tokens":{{10 + output}}}""");

        var response = (await ReadAsync(Counting("a", 1) + Counting("b", 2) + Chunk("{}", "stop") + Done)).ToChatResponse();

        Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(10));
        Assert.That(response.Usage.OutputTokenCount, Is.EqualTo(2));
    }

    [Test]
    public async Task GetStreamingResponseAsync_ToolCalls_ComeWholeWithTheFinishReason()
    {
        var updates = await ReadAsync(
            Chunk("""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":""}}]}""")
            + Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}""")
            + Chunk("""{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"now","arguments":"{}"}}]}""")
            + Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]}""")
            + Chunk("{}", "tool_calls") + Done);

        var last = updates.Single(u => u.Contents.OfType<FunctionCallContent>().Any());
        var calls = last.Contents.Cast<FunctionCallContent>().ToList();
        Assert.That(last.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(calls.Select(c => $"{c.CallId} {c.Name}"), Is.EqualTo(new[] { "c1 weather", "c2 now" }));
        Assert.That(calls[0].Arguments!["city"]!.ToString(), Is.EqualTo("Oslo"));
    }

    [Test]
    public async Task GetStreamingResponseAsync_ServerThatNumbersEveryCallZero_KeepsThemApart()
    {
        var updates = await ReadAsync(
            Chunk("""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"a","arguments":"{}"}}]}""")
            + Chunk("""{"tool_calls":[{"index":0,"id":"c2","type":"function","function":{"name":"b","arguments":"{}"}}]}""", "tool_calls") + Done);

        var calls = updates.SelectMany(u => u.Contents).OfType<FunctionCallContent>();
        Assert.That(calls.Select(c => c.CallId), Is.EqualTo(new[] { "c1", "c2" }));
    }

    [Test]
    public async Task GetStreamingResponseAsync_EndWithoutFinishReason_HasNeitherReasonNorToolCalls()
    {
        var updates = await ReadAsync(TextChunk("half") + Chunk("""{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"pay","arguments":"{}"}}]}"""));

        Assert.That(updates.Select(u => u.FinishReason), Is.All.Null);
        Assert.That(updates.SelectMany(u => u.Contents).OfType<FunctionCallContent>(), Is.Empty);
        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("half"));
    }

    [Test]
    public async Task GetStreamingResponseAsync_DataCutWithinAnEvent_HasNoFinishReason()
    {
        var updates = await ReadAsync(TextChunk("half") + "data: {\"id\":\"chatcmpl-1\",\"cho");

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("half"));
        Assert.That(updates.Select(u => u.FinishReason), Is.All.Null);
    }

    [Test]
    public void GetStreamingResponseAsync_ConnectionLost_ThrowsAfterWhatCame()
    {
        List<string> seen = [];

        Assert.That(async () =>
        {
            await foreach (var update in Client(CannedWire.Streaming(TextChunk("half"), breaksOff: true)).GetStreamingResponseAsync("hi"))
                seen.Add(update.Text);
        }, Throws.InstanceOf<IOException>());
        Assert.That(seen, Is.EqualTo(new[] { "half" }));
    }

    [TestCase("data: {\"error\":{\"message\":\"secret\",\"type\":\"server_error\",\"code\":null}}\n\n")]
    [TestCase("event: error\ndata: {\"error\":{\"message\":\"secret\",\"code\":502}}\n\n")]
    [TestCase("data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"message\":\"secret\"}}\n\n")]
    [TestCase("data: not json\n\n")]
    public void GetStreamingResponseAsync_ErrorInTheStream_IsThrown(string evt) =>
        Assert.That(() => ReadAsync(TextChunk("half") + evt + Done), Throws.TypeOf<UnreadableAnswerException>().With.Message.Not.Contains("secret"));

    [TestCase("null")]
    [TestCase("false")]
    [TestCase("\"\"")]
    public async Task GetStreamingResponseAsync_ErrorThatIsNone_IsAGoodAnswer(string error)
    {
        var updates = await ReadAsync(Chunk("""{"content":"Hello."}""", extra: $",\"error\": {error} ") + Chunk("{}", "stop") + Done);

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("Hello."));
    }

    [Test]
    public async Task GetStreamingResponseAsync_Refusal_ComesWholeAndFiltered()
    {
        var updates = await ReadAsync(Chunk("""{"refusal":"I can"}""") + Chunk("""{"refusal":"not."}""") + Chunk("{}", "stop") + Done);

        var last = updates.Single(u => u.FinishReason is not null);
        Assert.That(last.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(((ErrorContent)last.Contents.Single()).Message, Is.EqualTo("I cannot."));
    }

    [Test]
    public async Task GetStreamingResponseAsync_Thinking_IsReasoning()
    {
        var updates = await ReadAsync(Chunk("""{"reasoning_content":"2+2"}""") + Chunk("""{"reasoning_content":null,"content":"4"}""") + Chunk("{}", "stop") + Done);

        Assert.That(updates.SelectMany(u => u.Contents).OfType<TextReasoningContent>().Single().Text, Is.EqualTo("2+2"));
        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("4"));
    }

    [Test]
    public async Task GetStreamingResponseAsync_AzureFilterReportFirst_IsAnEmptyUpdate()
    {
        var updates = await ReadAsync("data: {\"id\":\"\",\"created\":0,\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[]}\n\n" + TextChunk("a") + Chunk("{}", "stop") + UsageChunk() + Done);

        Assert.That(updates[0].Contents, Is.Empty);
        Assert.That(updates[0].ResponseId, Is.Null);
        Assert.That(updates[^1].ResponseId, Is.EqualTo("chatcmpl-1"));
    }

    [Test]
    public async Task GetStreamingResponseAsync_ErrorPageInsteadOfAStream_IsEmptyAndUnfinished() =>
        Assert.That(await ReadAsync("<html>busy</html>"), Is.Empty);

    private static async Task<List<ChatResponseUpdate>> ReadAsync(string events)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in Client(CannedWire.Streaming(events)).GetStreamingResponseAsync("hi"))
            updates.Add(update);
        return updates;
    }
}
