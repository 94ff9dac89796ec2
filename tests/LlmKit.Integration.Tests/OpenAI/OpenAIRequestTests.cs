using System.Text.Json;
using LlmKit.Integration.Tests.Support;
using LlmKit.OpenAI;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using Sdk = OpenAI.Chat;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIRequestTests
{
    [Test]
    public async Task GetResponseAsync_EveryRole_IsSentUnderItsName()
    {
        var sent = await SendAsync([
            new(ChatRole.System, "rules"),
            new(new ChatRole("developer"), "more rules"),
            new(ChatRole.User, "question") { AuthorName = "Ann O'Neil" },
            new(ChatRole.Assistant, "answer"),
        ], new() { Instructions = "first of all" });

        var messages = sent.GetProperty("messages").EnumerateArray().Select(m => $"{m.GetProperty("role")}:{m.GetProperty("content")}");
        Assert.That(messages, Is.EqualTo(new[] { "system:first of all", "system:rules", "developer:more rules", "user:question", "assistant:answer" }));
        Assert.That(sent.GetProperty("messages")[3].GetProperty("name").GetString(), Is.EqualTo("AnnONeil"));
    }

    [Test]
    public async Task GetResponseAsync_ImagesAudioAndFiles_AreSentAsParts()
    {
        var sent = await SendAsync([new(ChatRole.User, [
            new TextContent("look"),
            new UriContent("https://pictures.test/cat.png", "image/png") { AdditionalProperties = new() { ["detail"] = "low" } },
            new DataContent(new byte[] { 1, 2 }, "image/jpeg"),
            new DataContent(new byte[] { 3 }, "audio/wav"),
            new DataContent(new byte[] { 4 }, "application/pdf") { Name = "a.pdf" },
            new HostedFileContent("file-1"),
        ])]);

        var parts = sent.GetProperty("messages")[0].GetProperty("content").EnumerateArray().ToList();
        Assert.That(parts.Select(p => p.GetProperty("type").GetString()), Is.EqualTo(new[] { "text", "image_url", "image_url", "input_audio", "file", "file" }));
        Assert.That(parts[1].GetProperty("image_url").GetProperty("url").GetString(), Is.EqualTo("https://pictures.test/cat.png"));
        Assert.That(parts[1].GetProperty("image_url").GetProperty("detail").GetString(), Is.EqualTo("low"));
        Assert.That(parts[2].GetProperty("image_url").GetProperty("url").GetString(), Is.EqualTo("data:image/jpeg;base64,AQI="));
        Assert.That(parts[3].GetProperty("input_audio").GetProperty("format").GetString(), Is.EqualTo("wav"));
        Assert.That(parts[4].GetProperty("file").GetProperty("filename").GetString(), Is.EqualTo("a.pdf"));
        Assert.That(parts[5].GetProperty("file").GetProperty("file_id").GetString(), Is.EqualTo("file-1"));
    }

    [TestCase("video/mp4")]
    [TestCase("audio/flac")]
    public void GetResponseAsync_ContentThatOpenAIDoesNotTake_IsAnErrorBeforeAnythingIsSent(string mediaType)
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var client = OpenAIWire.Client(wire);

        Assert.That(() => client.GetResponseAsync([new(ChatRole.User, [new DataContent(new byte[] { 1 }, mediaType)])]),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains($"'{mediaType}'"));
        Assert.That(wire.Requests, Is.Zero);
    }

    [Test]
    public async Task GetResponseAsync_RawPartBesideATypedContent_DoesNotReplaceIt()
    {
        var redacted = new TextContent("[redacted]") { RawRepresentation = Sdk.ChatMessageContentPart.CreateTextPart("secret") };
        var raw = new AIContent { RawRepresentation = Sdk.ChatMessageContentPart.CreateTextPart("raw") };

        var sent = await SendAsync([new(ChatRole.User, [redacted, raw])]);

        Assert.That(sent.GetRawText(), Does.Contain("[redacted]").And.Contain("raw").And.Not.Contain("secret"));
    }

    [Test]
    public async Task GetResponseAsync_ToolCallsAndResults_AreSentBack()
    {
        var sent = await SendAsync([
            new(ChatRole.User, "weather?"),
            new(ChatRole.Assistant, [
                new TextReasoningContent("thinking"),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Oslo", ["days"] = 2 }),
                new FunctionCallContent("c2", "now"),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", new { degrees = 7 }), new FunctionResultContent("c2", "noon")]),
            new(ChatRole.Tool, [new FunctionResultContent("c3", null) { Exception = new InvalidOperationException("password=1") }]),
        ]);

        var messages = sent.GetProperty("messages").EnumerateArray().ToList();
        var call = messages[1].GetProperty("tool_calls")[0];
        Assert.That(messages[1].TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null, Is.False);
        Assert.That(call.GetProperty("id").GetString(), Is.EqualTo("c1"));
        Assert.That(call.GetProperty("function").GetProperty("arguments").GetString(), Is.EqualTo("""{"city":"Oslo","days":2}"""), "Indentation would be paid for.");
        Assert.That(messages[2].GetProperty("content").GetString(), Is.EqualTo("""{"degrees":7}"""));
        Assert.That(messages[1].GetProperty("tool_calls")[1].GetProperty("function").GetProperty("arguments").GetString(), Is.EqualTo("{}"));
        Assert.That(messages.Skip(2).Select(m => $"{m.GetProperty("role")} {m.GetProperty("tool_call_id")}"), Is.EqualTo(new[] { "tool c1", "tool c2", "tool c3" }));
        Assert.That(messages[2].GetProperty("content").GetString(), Does.Contain("\"degrees\"").And.Contain("7"));
        Assert.That(messages[3].GetProperty("content").GetString(), Is.EqualTo("noon"));
        Assert.That(messages[4].GetProperty("content").GetString(), Is.EqualTo("Error: the function failed."));
    }

    [Test]
    public async Task GetResponseAsync_SamplingOptions_AreSent()
    {
        var sent = await SendAsync("hi", new()
        {
            Temperature = 0.5f,
            TopP = 0.25f,
            FrequencyPenalty = 0.75f,
            PresencePenalty = -0.5f,
            Seed = 7,
            MaxOutputTokens = 99,
            StopSequences = ["END"],
            Reasoning = new() { Effort = ReasoningEffort.High },
            TopK = 3,
            AdditionalProperties = new() { ["user"] = "u1", ["store"] = false, ["service_tier"] = "flex", ["llmkit.tenant"] = "acme" },
        });

        Assert.That(sent.GetProperty("model").GetString(), Is.EqualTo("small"));
        Assert.That(sent.GetProperty("temperature").GetSingle(), Is.EqualTo(0.5f));
        Assert.That(sent.GetProperty("top_p").GetSingle(), Is.EqualTo(0.25f));
        Assert.That(sent.GetProperty("frequency_penalty").GetSingle(), Is.EqualTo(0.75f));
        Assert.That(sent.GetProperty("presence_penalty").GetSingle(), Is.EqualTo(-0.5f));
        Assert.That(sent.GetProperty("seed").GetInt64(), Is.EqualTo(7));
        Assert.That(sent.GetProperty("max_completion_tokens").GetInt32(), Is.EqualTo(99));
        Assert.That(sent.GetProperty("stop")[0].GetString(), Is.EqualTo("END"));
        Assert.That(sent.GetProperty("reasoning_effort").GetString(), Is.EqualTo("high"));
        Assert.That(sent.GetProperty("user").GetString(), Is.EqualTo("u1"));
        Assert.That(sent.GetProperty("store").GetBoolean(), Is.False);
        Assert.That(sent.GetProperty("service_tier").GetString(), Is.EqualTo("flex"));
        Assert.That(sent.GetRawText(), Does.Not.Contain("acme").And.Not.Contain("top_k"));
    }

    [TestCase(ReasoningEffort.None, "none")]
    [TestCase(ReasoningEffort.Low, "low")]
    [TestCase(ReasoningEffort.Medium, "medium")]
    [TestCase(ReasoningEffort.ExtraHigh, "xhigh")]
    public async Task GetResponseAsync_ReasoningEffort_HasOpenAIsName(ReasoningEffort effort, string name)
    {
        var sent = await SendAsync("hi", new() { Reasoning = new() { Effort = effort } });

        Assert.That(sent.GetProperty("reasoning_effort").GetString(), Is.EqualTo(name));
    }

    [Test]
    public async Task GetResponseAsync_ModelIdInTheOptions_Overrides()
    {
        var sent = await SendAsync("hi", new() { ModelId = "large" });

        Assert.That(sent.GetProperty("model").GetString(), Is.EqualTo("large"));
    }

    [Test]
    public async Task GetResponseAsync_RawOptions_AreKeptButCannotRaiseTheOutputLimit()
    {
        var sent = await SendAsync("hi", new()
        {
            Temperature = 0.5f,
            MaxOutputTokens = 50,
            RawRepresentationFactory = _ => new Sdk.ChatCompletionOptions { Temperature = 0.25f, MaxOutputTokenCount = 5000, TopLogProbabilityCount = 2 },
        });

        Assert.That(sent.GetProperty("temperature").GetSingle(), Is.EqualTo(0.25f));
        Assert.That(sent.GetProperty("top_logprobs").GetInt32(), Is.EqualTo(2));
        Assert.That(sent.GetProperty("max_completion_tokens").GetInt32(), Is.EqualTo(50));
    }

    [Test]
    public async Task GetResponseAsync_CompatibleServer_GetsTheOlderNameOfTheOutputLimit()
    {
        var sent = await SendAsync("hi", new() { MaxOutputTokens = 50 }, o => o.Endpoint = new("http://localhost:11434/v1"));

        Assert.That(sent.GetProperty("max_tokens").GetInt32(), Is.EqualTo(50));
        Assert.That(sent.TryGetProperty("max_completion_tokens", out _), Is.False);
    }

    [Test]
    public async Task GetStreamingResponseAsync_Always_AsksForTheUsage()
    {
        var wire = CannedWire.Streaming(OpenAIWire.Done);

        await foreach (var _ in OpenAIWire.Client(wire).GetStreamingResponseAsync("hi"))
        {
        }

        Assert.That(wire.Sent.GetProperty("stream_options").GetProperty("include_usage").GetBoolean(), Is.True);
    }

    [Test]
    public async Task GetResponseAsync_CallersObjects_AreNotChanged()
    {
        var options = new ChatOptions { Tools = [new NamedFunction("now", "{}")], StopSequences = ["END"], MaxOutputTokens = 5 };
        List<ChatMessage> messages = [new(ChatRole.User, "hi")];

        await SendAsync(messages, options);

        Assert.That(messages, Has.Count.EqualTo(1));
        Assert.That(options.Tools, Has.Count.EqualTo(1));
        Assert.That(options.StopSequences, Is.EqualTo(new[] { "END" }));
    }

    private static Task<JsonElement> SendAsync(string text, ChatOptions? options = null, Action<OpenAIModelOptions>? configure = null) =>
        SendAsync([new(ChatRole.User, text)], options, configure);

    private static async Task<JsonElement> SendAsync(List<ChatMessage> messages, ChatOptions? options = null, Action<OpenAIModelOptions>? configure = null)
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        await OpenAIWire.Client(wire, configure).GetResponseAsync(messages, options);
        return wire.Sent;
    }
}
