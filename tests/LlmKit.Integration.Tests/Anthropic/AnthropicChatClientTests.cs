using Anthropic;
using Anthropic.Models.Messages;
using LlmKit.Anthropic;
using LlmKit.Integration.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Anthropic;

public sealed class AnthropicChatClientTests
{
    [Test]
    public async Task GetResponseAsync_Answer_CarriesItsFactsAndUsage()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());

        var response = await AnthropicWire.Client(wire).GetResponseAsync("hi");

        Assert.That(response.Text, Is.EqualTo("Hello."));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.ResponseId, Is.EqualTo("msg_1"));
        Assert.That(response.ModelId, Is.EqualTo("claude-test"));
        AssertUsage(response.Usage);
        Assert.That(wire.Url!.AbsoluteUri, Is.EqualTo("https://api.anthropic.com/v1/messages"));
        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer " + AnthropicWire.Key));
    }

    [Test]
    public async Task GetStreamingResponseAsync_WholeStream_EndsWithReasonAndUsage()
    {
        var response = (await ReadAsync(AnthropicWire.Start + AnthropicWire.Text("Hel") + AnthropicWire.Text("lo.") + AnthropicWire.Stop())).ToChatResponse();

        Assert.That(response.Text, Is.EqualTo("Hello."));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        AssertUsage(response.Usage);
    }

    [Test]
    public async Task GetStreamingResponseAsync_EndWithoutStopReason_HasNoFinishReason()
    {
        var updates = await ReadAsync(AnthropicWire.Start + AnthropicWire.Text("half"));

        Assert.That(updates.Select(u => u.FinishReason), Is.All.Null);
        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("half"));
    }

    [Test]
    public void GetStreamingResponseAsync_ConnectionLost_ThrowsAfterWhatCame()
    {
        var text = "";

        Assert.That(async () =>
        {
            await foreach (var update in AnthropicWire.Client(CannedWire.Streaming(AnthropicWire.Start + AnthropicWire.Text("half"), breaksOff: true)).GetStreamingResponseAsync("hi"))
                text += update.Text;
        }, Throws.InstanceOf<IOException>());
        Assert.That(text, Is.EqualTo("half"));
    }

    [TestCase("end_turn", "stop")]
    [TestCase("stop_sequence", "stop")]
    [TestCase("max_tokens", "length")]
    [TestCase("model_context_window_exceeded", "length")]
    [TestCase("tool_use", "tool_calls")]
    [TestCase("refusal", "content_filter")]
    public async Task GetResponseAsync_StopReason_IsMapped(string stop, string reason)
    {
        var response = await AnthropicWire.Client(CannedWire.Answering(AnthropicWire.Message(stop))).GetResponseAsync("hi");

        Assert.That(response.FinishReason?.Value, Is.EqualTo(reason));
    }

    [Test]
    public async Task GetResponseAsync_ToolUse_IsAFunctionCall()
    {
        var body = AnthropicWire.Message("tool_use", """[{"type":"tool_use","id":"t1","name":"weather","input":{"city":"Oslo"}}]""");

        var response = await AnthropicWire.Client(CannedWire.Answering(body)).GetResponseAsync("hi", new() { Tools = [new NamedFunction("weather", """{"type":"object","properties":{"city":{"type":"string"}}}""")] });

        var call = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Single();
        Assert.That(call.CallId, Is.EqualTo("t1"));
        Assert.That(call.Arguments!["city"]!.ToString(), Is.EqualTo("Oslo"));
    }

    [TestCase(null, null, 4096)]
    [TestCase(8000, null, 8000)]
    [TestCase(8000, 500, 500)]
    [TestCase(8000, 9000, 9000)]
    public async Task GetResponseAsync_OutputLimit_IsAlwaysSent(int? ofTheModel, int? ofTheCall, int sent)
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());

        await AnthropicWire.Client(wire, o => o.MaxOutputTokens = ofTheModel).GetResponseAsync("hi", new() { MaxOutputTokens = ofTheCall });

        Assert.That(wire.Sent.GetProperty("max_tokens").GetInt32(), Is.EqualTo(sent));
    }

    [Test]
    public async Task GetResponseAsync_RawRequest_CannotRaiseTheOutputLimit()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());
        var options = new ChatOptions
        {
            MaxOutputTokens = 50,
            RawRepresentationFactory = _ => new MessageCreateParams { MaxTokens = 5000, Model = "claude-test", Messages = [], Metadata = new() { UserID = "u1" } },
        };

        await AnthropicWire.Client(wire).GetResponseAsync("hi", options);

        Assert.That(wire.Sent.GetProperty("max_tokens").GetInt32(), Is.EqualTo(50));
        Assert.That(wire.Sent.GetProperty("metadata").GetProperty("user_id").GetString(), Is.EqualTo("u1"));
        Assert.That(wire.Sent.GetProperty("messages").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task GetResponseAsync_InstructionsAndModelId_AreSent()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());

        await AnthropicWire.Client(wire).GetResponseAsync("hi", new() { Instructions = "be brief", ModelId = "claude-other" });

        Assert.That(wire.Sent.GetProperty("model").GetString(), Is.EqualTo("claude-other"));
        Assert.That(wire.Sent.GetProperty("system").GetRawText(), Does.Contain("be brief"));
    }

    [Test]
    public void GetService_OfTheClient_GivesMetadataAndTheSdk()
    {
        IChatClient client = AnthropicWire.Client(CannedWire.Answering(AnthropicWire.Message()));

        var metadata = client.GetService<ChatClientMetadata>()!;

        Assert.That(metadata.ProviderName, Is.EqualTo("anthropic"));
        Assert.That(metadata.DefaultModelId, Is.EqualTo("claude-test"));
        Assert.That(client.GetService<IAnthropicClient>(), Is.Not.Null);
    }

    [Test]
    public async Task Dispose_WithTheCallersHttpClient_LeavesItOpen()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());
        using var http = wire.Client();
        var first = AnthropicWire.Client(wire, o => o.HttpClient = http);
        await first.GetResponseAsync("hi");

        first.Dispose();

        var second = await AnthropicWire.Client(wire, o => o.HttpClient = http).GetResponseAsync("hi");
        Assert.That(second.Text, Is.EqualTo("Hello."));
    }

    [Test]
    public void GetResponseAsync_CancelledByTheCaller_Stops()
    {
        using var cancel = new CancellationTokenSource();
        var answer = AnthropicWire.Client(CannedWire.NeverAnswering()).GetResponseAsync("hi", cancellationToken: cancel.Token);

        cancel.Cancel();

        Assert.That(async () => await answer, Throws.InstanceOf<OperationCanceledException>());
    }

    // Cache reads and writes are part of the input; the sum is what the SDK reports.
    private static void AssertUsage(UsageDetails? usage)
    {
        Assert.That(usage!.InputTokenCount, Is.EqualTo(18));
        Assert.That(usage.OutputTokenCount, Is.EqualTo(7));
        Assert.That(usage.TotalTokenCount, Is.EqualTo(25));
        Assert.That(usage.CachedInputTokenCount, Is.EqualTo(10));
        Assert.That(usage.AdditionalCounts!["CacheCreationInputTokens"], Is.EqualTo(5));
    }

    private static async Task<List<ChatResponseUpdate>> ReadAsync(string events)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in AnthropicWire.Client(CannedWire.Streaming(events)).GetStreamingResponseAsync("hi"))
            updates.Add(update);
        return updates;
    }
}
