using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Observability.Replay;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces;

/// <summary>A call of production becomes a test, or is asked again.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class TraceReplayTests(bool streamed)
{
    [Test]
    public async Task ToCassette_OfACallThroughThePipeline_AnswersTheSameRequestWithoutAModel()
    {
        using var rig = Rig();
        var (trace, options) = await TraceAsync(rig);
        using var cassette = trace.ToCassette();
        using var down = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Throws(new InvalidOperationException("no model is to be asked"))));

        var replayed = await Outcome.OfAsync(down.Chat.WithCassette(cassette), streamed, options, "what now?");

        Assert.That(replayed.Text, Is.EqualTo("answer 1"));
        cassette.AssertAllPlayed();
        var other = await Outcome.OfAsync(down.Chat.WithCassette(cassette), streamed, options, "what else?");
        Assert.That(other.Error, Is.TypeOf<CassetteMissException>());
    }

    [Test]
    public async Task ToFrozenCall_AskedAgainThreeTimes_TellsHowFarTheAnswersAgree()
    {
        using var rig = Rig();
        var (trace, _) = await TraceAsync(rig);

        var report = await Replayer.RunAsync(trace.ToFrozenCall(), rig.Chat, new() { Times = 3 });

        Assert.That(report.ToText(), Does.Contain("3"));
        Assert.That(trace.ToFrozenCall().Answer!.Text, Is.EqualTo("answer 1"));
        Assert.That(trace.ToFrozenCall().Options!.Temperature, Is.EqualTo(0.5f));
    }

    [Test]
    public void ToCassette_OfARecordThatIsNotWhole_SaysWhatIsMissing()
    {
        var record = TraceRecords.Of("a");
        var cut = new TraceMessage("""{"role":"user","parts":[{"type":"text","content":"x","llmkit.truncated":{"original_chars":9}}]}"""u8.ToArray());

        Assert.That(() => (record with { Input = [] }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("TraceStoreOptions.Content"));
        Assert.That(() => (record with { Output = [] }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("no answer"));
        Assert.That(() => (record with { DroppedMessages = 1 }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("too large"));
        Assert.That(() => (record with { Instructions = cut }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("was cut"));
        Assert.That(() => (record with { LacksTexts = true }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("is lost"));
        Assert.That(() => (record with { Input = [new("""{"role":"tool","parts":[{"type":"tool_call_response","response":"abc… [cut, 99 characters]"}]}"""u8.ToArray())] }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("a tool was cut"));
        Assert.That(() => (record with { Input = [cut] }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("was cut"));
    }

    [Test]
    public async Task ToCassette_OfACallWithEveryOption_FindsItsRequest()
    {
        using var rig = Rig();
        var tool = AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather.");
        var options = BudgetRig.Call();
        (options.Tools, options.ToolMode, options.AllowMultipleToolCalls) = ([tool, AIFunctionFactory.Create(() => 1, "time")], ChatToolMode.RequireSpecific("weather"), false);
        options.Reasoning = new() { Effort = ReasoningEffort.Low, Output = ReasoningOutput.Summary };
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"integer"}}}""").RootElement, "answer", "What it comes to.");
        (options.Seed, options.TopK, options.TopP, options.FrequencyPenalty, options.PresencePenalty, options.ModelId) = (7, 3, 0.9f, 0.1f, 0.2f, "model");
        var trace = await TraceAsync(rig, options);

        using var cassette = trace.ToCassette();
        var replayed = await Outcome.OfAsync(rig.Chat.WithCassette(cassette), streamed, options, "what now?");

        Assert.That((replayed.Text, replayed.Error), Is.EqualTo(("answer 1", (Exception?)null)));
        Assert.That(trace.ToFrozenCall().Options!.Tools!.Select(known => known.Name), Is.EqualTo(["weather", "time"]));
    }

    [TestCase("auto")]
    [TestCase("none")]
    [TestCase("any")]
    [TestCase("text")]
    public async Task ToCassette_OfACallWithAMode_FindsItsRequest(string mode)
    {
        using var rig = Rig();
        var options = BudgetRig.Call();
        options.Tools = [AIFunctionFactory.Create(() => 1, "time")];
        options.ToolMode = mode switch { "auto" => ChatToolMode.Auto, "none" => ChatToolMode.None, "any" => ChatToolMode.RequireAny, _ => null };
        options.ResponseFormat = mode == "text" ? ChatResponseFormat.Text : null;
        var trace = await TraceAsync(rig, options);

        using var cassette = trace.ToCassette();

        Assert.That((await Outcome.OfAsync(rig.Chat.WithCassette(cassette), streamed, options, "what now?")).Error, Is.Null);
    }

    [Test]
    public async Task ToCassette_OfARedactedRecord_AsksForTheSameRedaction()
    {
        static string Redact(string text) => text.Replace("Ann", "[name]", StringComparison.Ordinal);
        using var rig = Rig(tracing => tracing.Redact = Redact);
        var options = BudgetRig.Call();
        options.Instructions = "Be kind to Ann.";
        var trace = await TraceAsync(rig, options);

        Assert.That(() => trace.ToCassette(), Throws.InvalidOperationException.With.Message.Contains("was redacted").And.Message.Contains("CassetteOptions.Redact"));

        using var cassette = trace.ToCassette(new() { Redact = Redact });
        Assert.That((await Outcome.OfAsync(rig.Chat.WithCassette(cassette), streamed, options, "what now?")).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task ToCassette_OfWhatCouldNotBeFoundAgain_IsRefused()
    {
        using var rig = Rig();
        var options = BudgetRig.Call();
        options.Tools = [new HostedWebSearchTool()];
        var hosted = await TraceAsync(rig, options);
        var record = TraceRecords.Of("a");

        Assert.That(() => hosted.ToCassette(), Throws.InvalidOperationException.With.Message.Contains("'web_search'"));
        Assert.That(hosted.ToFrozenCall().Options!.Tools, Is.Null);
        Assert.That(() => record.ToCassette(new() { KeyProperties = { "x" } }), Throws.InvalidOperationException.With.Message.Contains("KeyProperties"));
        Assert.That(() => (record with { Status = CallStatus.Abandoned }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("'Abandoned'"));
        Assert.That((record with { Status = CallStatus.Cancelled }).ToFrozenCall().Answer, Is.Null);
        Assert.That(() => (record with { Kind = TraceKind.Agent }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("no call to a chat model"));
        Assert.That(() => (record with { Tools = new("""[{"type":"function","name":"f"}]"""u8.ToArray()) }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("parameters of a tool"));
        Assert.That(() => (record with { Options = new("""{"stop":["abc… [cut, 99 characters]"]}"""u8.ToArray()) }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("was cut"));
    }

    [Test]
    public async Task ToCassette_OfMessagesOfWhichAPartIsNotKept_IsRefused()
    {
        await RefusesAsync(new UriContent("https://a.example/x?key=1", "image/png"));
        await RefusesAsync(new DataContent(new byte[] { 1 }, "image/png"));
        await RefusesAsync(new McpServerToolCallContent("m", "find", "docs"));
        await RefusesAsync(new FunctionResultContent("c", Enumerable.Repeat(7, 200_000).ToArray()), "was cut");
        await RefusesAsync(new FunctionResultContent("c", "failed") { Exception = new InvalidOperationException("x") });

        async Task RefusesAsync(AIContent part, string why = "kept")
        {
            using var rig = Rig();
            var outcome = await AskAsync(rig.Chat, [new(ChatRole.User, [new TextContent("look"), part])]);
            Assert.That(async () => (await FindAsync(rig, outcome)).ToCassette(), Throws.InvalidOperationException.With.Message.Contains(why), part.GetType().Name);
        }
    }

    [Test]
    public async Task ToCassette_OfAllThatATraceHas_ReplaysAnAgentsRounds()
    {
        using var rig = Rig();
        var call = new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Rome", ["days"] = 2 });
        ChatMessage[] first = [new(ChatRole.User, [new TextContent("How is"), new TextContent(" "), new TextContent("it?"), new UriContent("https://a.example", "image/png")])];
        ChatMessage[] second = [.. first, new(ChatRole.Assistant, [new TextReasoningContent("hm"), call]), new(ChatRole.Tool, [new FunctionResultContent("c1", new Dictionary<string, object?> { ["sun"] = true })])];
        var one = await FindAsync(rig, await AskAsync(rig.Chat, first));
        var two = await FindAsync(rig, await AskAsync(rig.Chat, second));

        using var cassette = new[] { two with { StartedAt = two.StartedAt.AddSeconds(1) }, one, one with { Kind = TraceKind.Tool, Input = [] }, one with { Kind = TraceKind.Agent, Output = [] } }.ToCassette();
        var client = new CassetteChatClient(cassette);

        Assert.That((await AskAsync(client, first)).Text, Is.EqualTo("answer 1"));
        Assert.That((await AskAsync(client, second)).Text, Is.EqualTo("answer 2"));
        cassette.AssertAllPlayed();
        var chain = await Replayer.ReplayChainAsync([one.ToFrozenCall(), two.ToFrozenCall()], rig.Chat);
        Assert.That(chain.ToText(), Is.EqualTo("first divergence at step 1 of 2: Wording"));
    }

    private static BudgetRig Rig(Action<TracingOptions>? tracing = null) => new(builder => builder
        .AddPriced("model", new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number + 1}"))).WithTraces(options => options.Content = true).UseTracing(tracing));

    private async Task<ChatResponse> AskAsync(IChatClient client, ChatMessage[] messages)
    {
        var options = BudgetRig.Call();
        if (!streamed)
            return await client.GetResponseAsync(messages, options);
        var updates = await client.GetStreamingResponseAsync(messages, options).ToListAsync();
        var response = updates.ToChatResponse();
        response.ResponseId = updates[^1].GetCall()?.Id;
        return response;
    }

    private static async Task<TraceRecord> FindAsync(BudgetRig rig, ChatResponse response) =>
        (await rig.Services.GetRequiredService<LlmTraces>().GetAsync(response.FindCall()?.Id ?? response.ResponseId!))!;

    private async Task<TraceRecord> TraceAsync(BudgetRig rig, LlmCallOptions options)
    {
        var outcome = await Outcome.OfAsync(rig.Chat, streamed, options, "what now?");
        return (await rig.Services.GetRequiredService<LlmTraces>().GetAsync(outcome.Call!.Id))!;
    }

    private async Task<(TraceRecord Trace, LlmCallOptions Options)> TraceAsync(BudgetRig rig)
    {
        var options = BudgetRig.Call();
        (options.Instructions, options.Temperature, options.StopSequences, options.ResponseFormat) = ("Be brief.", 0.5f, ["END"], ChatResponseFormat.Json);
        var outcome = await Outcome.OfAsync(rig.Chat, streamed, options, "what now?");
        return ((await rig.Services.GetRequiredService<LlmTraces>().GetAsync(outcome.Call!.Id))!, options);
    }
}
