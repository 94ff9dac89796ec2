using System.Text;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Observability.Replay;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

/// <summary>What becomes of a call in the trace store, whatever its end.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RecordedCallTests(bool streamed)
{
    [Test]
    public async Task Record_OfOneCall_HoldsWhatWasAskedAndAnsweredAndForWhom()
    {
        using var rig = Rig(ScriptedAnswer.Text("good ", "day") with { Usage = new() { InputTokenCount = 7, OutputTokenCount = 2 }, FinishReason = ChatFinishReason.Stop });
        var options = BudgetRig.Call();
        (options.Instructions, options.Temperature, options.Tools) = ("Be brief.", 0, [AIFunctionFactory.Create(static (string city) => city, "weather")]);

        var outcome = await rig.AskAsync(streamed, options);

        var record = (await Traces(rig).GetAsync(outcome.Call!.Id))!;
        Assert.That((record.Tenant, record.User, record.Feature, record.Interaction, record.Tags[BudgetRig.Tag]), Is.EqualTo(("acme", "u1", "triage", "i1", "blue")));
        Assert.That((record.Status, record.Model, record.FinishReason, record.IsStreaming, record.IsIncomplete, record.Cost), Is.EqualTo((CallStatus.Completed, "model", "stop", streamed, false, 9m)));
        Assert.That((record.Usage.Input, record.Usage.Output, record.TraceId), Is.EqualTo((7L, 2L, "i1")));
        Assert.That(record.Input.Select(message => (message.Role, message.Text)), Is.EqualTo(new[] { ("user", "hi") }));
        Assert.That(record.Output.Select(message => (message.Role, message.Text)), Is.EqualTo(new[] { ("assistant", "good day") }));
        Assert.That(record.Instructions!.Text, Is.EqualTo("Be brief."));
        Assert.That(Encoding.UTF8.GetString(record.Options!.Json.Span), Does.Contain("\"temperature\":0").And.Contain("\"maxOutputTokens\":20"));
        Assert.That(Encoding.UTF8.GetString(record.Tools!.Json.Span), Does.Contain("\"name\":\"weather\"").And.Contain("\"city\""));
        Assert.That(record.Attempts.Single().Model, Is.EqualTo("model"));
    }

    [TestCase("🧾 paid")]
    [TestCase("no\u00a0break\u200dhere")]
    [TestCase("said \"no\"\nand left")]
    public async Task Record_WhateverSignsItsTextHas_IsFoundByThem(string text)
    {
        using var rig = Rig(ScriptedAnswer.Text("It says: " + text + "."));

        await rig.AskAsync(streamed);

        Assert.That((await Traces(rig).ListAsync(new() { Text = text })).Traces, Has.Count.EqualTo(1));
        Assert.That((await Traces(rig).ListAsync(new() { Text = text + "!" })).Traces, Is.Empty);
    }

    [Test]
    public async Task Record_OfAFallback_TellsEachAttemptAndWhyItWasMade()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("first", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("second", ScriptedAnswer.Text("ok"))
            .WithTraces(Content).UseTracing().UseRouter(router => router.Priority("first", "second")));

        var outcome = await rig.AskAsync(streamed);

        var record = (await Traces(rig).GetAsync(outcome.Call!.Id))!;
        Assert.That(record.Attempts.Select(attempt => (attempt.Model, attempt.Failure, attempt.Status)), Is.EqualTo(new (string, string?, int?)[] { ("first", "overloaded", 503), ("second", null, null) }));
        Assert.That((record.Model, record.Marks), Is.EqualTo(("second", AnswerMarks.Fallback)));
        Assert.That(record.Steps.Select(step => step.Decision), Does.Contain("fallback"));
    }

    [Test]
    public async Task Record_OfAFailure_HasTheRequestAndTheClassOfTheErrorButNotItsMessage()
    {
        using var rig = Rig(ScriptedAnswer.Throws(new InvalidOperationException("the provider echoed: hunter2")));

        await rig.AskAsync(streamed);

        var record = await Single(rig);
        Assert.That((record.Status, record.ErrorType, record.IsBad), Is.EqualTo((CallStatus.Failed, "System.InvalidOperationException", true)));
        Assert.That(record.Input.Single().Text, Is.EqualTo("hi"));
        Assert.That(record.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Record_OfAHit_CostsNothingAndSaysSo()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(Content).UseTracing().UseSemanticCache());
        await rig.AskAsync(streamed);

        var hit = await rig.AskAsync(streamed);

        var record = (await Traces(rig).GetAsync(hit.Call!.Id))!;
        Assert.That((record.IsHit, record.Cost, record.Usage.Total, record.Attempts.Count, record.Output.Single().Text), Is.EqualTo((true, 0m, 0L, 0, "ok")));
        Assert.That(await Traces(rig).ListAsync(new() { IsHit = false }), Has.Property("Traces").Count.EqualTo(1));
    }

    [Test]
    public async Task Record_OfAReplay_CostsNothingAndIsNotUnpriced()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add([new(ChatRole.User, "hi")], new() { ModelId = "model" }, new(new ChatMessage(ChatRole.Assistant, "ok")) { FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 10, OutputTokenCount = 4 } });
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("never")).WithTraces(Content).UseTracing().UseCassette(cassette));

        await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme" });

        var record = await Single(rig);
        Assert.That((record.IsReplayed, record.Attempts.Count, record.Cost), Is.EqualTo((true, 0, (decimal?)0m)));
        Assert.That((await Traces(rig).AggregateAsync(new(), new())).Single().Unpriced, Is.Zero);
    }

    [Test]
    public async Task Record_OfALongConversation_KeepsTheFirstMessageTheLastOnesAndTheAnswer()
    {
        using var rig = Rig(ScriptedAnswer.Text("ok"));
        List<ChatMessage> messages = [new(ChatRole.System, "first"), .. Enumerable.Range(0, 200).Select(i => new ChatMessage(ChatRole.User, $"{i}:{new string('x', 20_000)}")), new(ChatRole.User, "last")];

        if (streamed)
            await rig.Chat.GetStreamingResponseAsync(messages, BudgetRig.Call(100_000_000)).ToChatResponseAsync();
        else
            await rig.Chat.GetResponseAsync(messages, BudgetRig.Call(100_000_000));

        var record = await Single(rig);
        Assert.That((record.Input[0].Text, record.Input[^1].Text, record.Input[^2].Text[..4], record.Output.Single().Text), Is.EqualTo(("first", "last", "199:", "ok")));
        Assert.That((record.DroppedMessages, record.DroppedMessages + record.Input.Count), Is.EqualTo((record.DroppedMessages, 202)));
        Assert.That(record.DroppedMessages, Is.GreaterThan(100));
        Assert.That(record.Contents.Sum(content => content.Json.Length), Is.LessThanOrEqualTo(1 << 20));
    }

    [Test]
    public async Task Record_OfAHedge_WaitsForWhatTheLoserCost()
    {
        var clock = new ManualTimeProvider();
        var slow = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("slow") with { Delay = TimeSpan.FromSeconds(30) }, clock);
        using var rig = new BudgetRig(
            builder => builder.AddPriced("slow", slow).AddPriced("quick", ScriptedAnswer.Text("ok")).WithTraces(Content).UseTracing()
                .UseRouter(router => router.Priority("slow", "quick").Hedge(hedging => hedging.Delay = TimeSpan.FromSeconds(1))),
            time: clock);

        var outcome = await Eventually.EndsAsync(rig.AskAsync(streamed), clock, TimeSpan.FromSeconds(1));
        await outcome.Call!.WhenSettled;

        var record = await Eventually.GetsAsync(async () => await Traces(rig).GetAsync(outcome.Call!.Id));
        Assert.That(record.Attempts.Select(attempt => attempt.Model), Is.EquivalentTo(new[] { "slow", "quick" }));
        Assert.That((record.Cost, record.IsIncomplete), Is.EqualTo(((decimal?)outcome.Call!.Cost, false)));
    }

    [Test]
    public async Task Record_WithoutContent_HasNoTextAnywhere()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("the secret answer")).WithTraces(options => options.Content = false).UseTracing());
        var options = BudgetRig.Call();
        options.Instructions = "the secret instructions";

        await rig.AskAsync(streamed, options);

        var record = await Single(rig);
        Assert.That((record.Input.Count, record.Output.Count, record.Instructions, record.Options, record.Usage.Total > 0), Is.EqualTo((0, 0, (TraceMessage?)null, (TraceMessage?)null, true)));
    }

    [Test]
    public async Task Record_WithARedaction_HoldsWhatItLeavesAlsoOfAnAnswerCutInTwo()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("call 555-", "0199 now")).WithTraces(Content)
            .UseTracing(tracing => tracing.Redact = text => text.Replace("555-0199", "<PHONE>", StringComparison.Ordinal)));

        await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), "mine is 555-0199");

        var record = await Single(rig);
        Assert.That((record.Input.Single().Text, record.Output.Single().Text), Is.EqualTo(("mine is <PHONE>", "call <PHONE> now")));
    }

    [Test]
    public async Task Record_WithARedactionThatThrows_HoldsNoText()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("the answer")).WithTraces(Content)
            .UseTracing(tracing => tracing.Redact = _ => throw new FormatException()));

        var outcome = await rig.AskAsync(streamed);

        var record = await Single(rig);
        Assert.That(outcome.Text, Is.EqualTo("the answer"));
        Assert.That((record.Input.Single().Text, record.Output.Single().Text), Is.EqualTo(("", "")));
        Assert.That(Encoding.UTF8.GetString(record.Output.Single().Json.Span), Does.Contain("llmkit.redaction_failed"));
    }

    [Test]
    public async Task Record_OfAToolThatGaveAnImage_HoldsNoBytesAndNoSecretsAndIsNotReplayed()
    {
        using var rig = Rig(ScriptedAnswer.Text("ok"));
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "look"), new(ChatRole.Assistant, [new FunctionCallContent("1", "shot", new Dictionary<string, object?> { ["password"] = "hunter2" })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", new DataContent(new byte[] { 1, 2, 3 }, "image/png")), new FunctionResultContent("2", new UriContent("https://u:hunter2@files.example/a?sig=hunter2", "image/png"))]),
        ];

        await AskAsync(rig, messages, BudgetRig.Call());

        var record = await Single(rig);
        Assert.That(string.Concat(record.Input.Select(message => Encoding.UTF8.GetString(message.Json.Span))), Does.Not.Contain("AQID").And.Not.Contain("hunter2").And.Contain("\"bytes\":3"));
        Assert.That(() => record.ToFrozenCall(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Record_WithASecretAmongArguments_IsNotReplayedWithoutIt()
    {
        using var rig = Rig(ScriptedAnswer.Text("ok"));

        await AskAsync(rig, [new(ChatRole.User, "in"), new(ChatRole.Assistant, [new FunctionCallContent("1", "login", new Dictionary<string, object?> { ["password"] = "hunter2" })]), new(ChatRole.Tool, [new FunctionResultContent("1", "done")])], BudgetRig.Call());

        var record = await Single(rig);
        Assert.That(() => record.ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("withheld"));
    }

    [Test]
    public async Task Record_WithASecretInJsonThatAToolGave_IsNotReplayedWithoutIt()
    {
        using var rig = Rig(ScriptedAnswer.Text("ok"));

        await AskAsync(rig, [new(ChatRole.User, "in"), new(ChatRole.Assistant, [new FunctionCallContent("1", "login")]), new(ChatRole.Tool, [new FunctionResultContent("1", "{\"token\":\"hunter2\"}")])], BudgetRig.Call());

        var record = await Single(rig);
        Assert.That(Encoding.UTF8.GetString(record.Input[^1].Json.Span), Does.Not.Contain("hunter2"));
        Assert.That(() => record.ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("withheld"));
    }

    [Test]
    public async Task Delete_WhileTheTraceIsHeld_ForgetsTheToolsUsedInItToo()
    {
        using var root = new System.Diagnostics.Activity("request").Start();
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(static options => (options.KeepShare, options.Content) = (0.9999999, true)).UseTracing());
        _ = rig.Chat;
        await LlmTrace.Traced(AIFunctionFactory.Create(static (string query) => query, "lookup"), new() { CaptureContent = true }).InvokeAsync(new() { ["query"] = "hunter2" });
        await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", User = "ann" });

        await Traces(rig).DeleteByUserAsync("acme", "ann");
        root.Stop();

        Assert.That((await Traces(rig).ListAsync(new() { TraceId = root.TraceId.ToHexString() })).Traces, Is.Empty);
    }

    [Test]
    public async Task Record_OfMoreToolsThanFit_KeepsTheirNamesAndTheAnswer()
    {
        using var rig = Rig(ScriptedAnswer.Text("the answer"));
        var options = BudgetRig.Call();
        options.Tools = [.. Enumerable.Range(0, 250).Select(static number => AIFunctionFactory.Create(() => number, "tool" + number, new string('d', 5_000)))];

        await rig.AskAsync(streamed, options);

        var record = await Single(rig);
        Assert.That((record.Input.Single().Text, record.Output.Single().Text), Is.EqualTo(("hi", "the answer")));
        Assert.That(Encoding.UTF8.GetString(record.Tools!.Json.Span), Does.Contain("\"name\":\"tool249\""));
        Assert.That(BytesOf(record), Is.LessThanOrEqualTo(1 << 20));
        Assert.That(() => record.ToFrozenCall(), Throws.InvalidOperationException);
    }

    [TestCase(100)]
    [TestCase(6_000)]
    public async Task Record_OfWhatIsLargeEverywhere_IsBoundAndHasSomethingOfAll(int tools)
    {
        const int million = 1 << 20;
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text(new string('a', 2 * million))).WithTraces(Content).UseTracing(static tracing => tracing.MaxTextLength = million));
        var options = BudgetRig.Call();
        (options.Instructions, options.StopSequences) = (new string('\u0001', million), [.. Enumerable.Range(0, 100).Select(static number => new string('s', 10_000) + number)]);
        var description = new string('d', 50_000);
        options.Tools = [.. Enumerable.Range(0, tools).Select(number => AIFunctionFactory.Create(() => number, $"tool{number}_{new string('n', 40)}", description))];
        options.WithPrompt(new LlmPrompt { Name = "large", Template = new string('t', million), Variables = new Dictionary<string, object?> { ["long"] = new string('v', million) } });

        await AskAsync(rig, [.. Enumerable.Range(0, 50).Select(static number => new ChatMessage(ChatRole.User, number + new string('x', number == 0 ? million : 20_000)))], options);

        var record = await Single(rig);
        Assert.That(BytesOf(record), Is.LessThanOrEqualTo(million));
        Assert.That(new[] { record.Instructions, record.Tools, record.Options, record.Prompt, record.PromptVariables }, Has.None.Null);
        Assert.That((record.Input[0].Text[..2], record.Input[^1].Text[..2], record.Output.Single().Text[..1]), Is.EqualTo(("0x", "49", "a")));
        Assert.That(record.DroppedMessages, Is.GreaterThan(0));
        foreach (var content in record.Contents)
            Assert.That(() => System.Text.Json.JsonDocument.Parse(content.Json).Dispose(), Throws.Nothing);
    }

    [Test]
    public async Task Record_WithAStoreThatThrows_FailsNoCall()
    {
        var logs = new RememberingLogs();
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(Content).UseTracing(),
            more: services => services.AddSingleton<ITraceStore>(new BrokenTraceStore()).AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(logs));

        var outcome = await rig.AskAsync(streamed);
        Assert.That(async () => await Traces(rig).FlushAsync(), Throws.TypeOf<IOException>());

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(logs.Messages, Has.One.Contains("The trace store failed to add: IOException"));
        Assert.That(string.Join('\n', logs.Messages), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Feedback_OfACallThatHasJustEnded_FindsItsRecord()
    {
        using var rig = Rig(ScriptedAnswer.Text("ok"));
        var outcome = await rig.AskAsync(streamed);

        var known = await rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(outcome.Call!.Id, 0.25, "wrong tone");

        var record = await Single(rig);
        Assert.That(known, Is.True);
        Assert.That(record.Scores.Select(score => (score.Value, score.Label)), Is.EqualTo(new[] { (0.25, "wrong tone") }));
    }

    [Test]
    public async Task Feedback_WithALabelThatSaysTooMuch_IsRedactedByThePipelineOfTheCall()
    {
        using var rig = new BudgetRig(builder =>
        {
            builder.Services.AddLlmPipeline("other").AddModel("other", new ScriptedChatClient(ScriptedAnswer.Text("ok"))).UseTracing(static tracing => tracing.Redact = static _ => "OTHER");
            builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(static options => options.Content = false).UseTracing(static tracing => tracing.Redact = static text => text.Replace("hunter2", "X", StringComparison.Ordinal));
        });
        _ = rig.Services.GetRequiredKeyedService<IChatClient>("other");
        var outcome = await rig.AskAsync(streamed);

        await rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(outcome.Call!.Id, 0.25, "my password is hunter2");

        Assert.That((await Single(rig)).Scores.Single().Label, Is.EqualTo("my password is X"));
    }

    [Test]
    public async Task Feedback_WithALabelWhoseRedactionFails_IsAScoreAlone()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(static options => options.Content = false).UseTracing(static tracing => tracing.Redact = static _ => throw new FormatException()));
        var outcome = await rig.AskAsync(streamed);

        Assert.That(await rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(outcome.Call!.Id, 0.25, "hunter2"), Is.True);

        Assert.That((await Single(rig)).Scores.Select(static score => (score.Value, score.Label)), Is.EqualTo(new[] { (0.25, (string?)null) }));
    }

    [Test]
    public async Task Record_OfACallThatWasLeft_SaysHowItEnded()
    {
        using var rig = Rig(ScriptedAnswer.Text("a", "b", "c"));
        using var cancel = new CancellationTokenSource();
        if (streamed)
        {
            await using var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator();
            await stream.MoveNextAsync();
        }
        else
        {
            await cancel.CancelAsync();
            await rig.AskAsync(streamed, cancellationToken: cancel.Token);
        }

        var records = (await Traces(rig).ListAsync()).Traces;
        Assert.That(records.Select(record => record.Status), Is.EqualTo(streamed ? [CallStatus.Abandoned] : new[] { CallStatus.Cancelled }));
        if (streamed)
            Assert.That(((TraceRecord)records[0]).Output.Single().Text, Is.EqualTo("a"), "what came until then is kept");
    }

    [Test]
    public async Task Record_OfManyRounds_KeepsEachMessageOnce()
    {
        using var rig = Rig(ScriptedAnswer.Text("ok"));
        List<ChatMessage> messages = [new(ChatRole.System, new string('s', 10_000))];
        for (var round = 0; round < 20; round++)
        {
            messages.Add(new(ChatRole.User, $"question {round}"));
            if (streamed)
                await foreach (var _ in rig.Chat.GetStreamingResponseAsync(messages, BudgetRig.Call()))
                {
                }
            else
                await rig.Chat.GetResponseAsync(messages, BudgetRig.Call());
        }

        await Traces(rig).FlushAsync();
        Assert.That(((MemoryTraceStore)Traces(rig).Store).Bytes, Is.LessThan(60_000), "20 times the system prompt alone would be 200,000");
    }

    [Test]
    public async Task Sampling_WithAShareOfNothing_KeepsErrorsAndSlowAndDearOnesOnly()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Throws(new InvalidOperationException()) : number == 1 ? ScriptedAnswer.Text("dear") with { Usage = new() { InputTokenCount = 1, OutputTokenCount = 50 } } : ScriptedAnswer.Text("ok")))
            .WithTraces(options => (options.KeepShare, options.KeepDearerThan) = (0, 15m)).UseTracing());

        for (var i = 0; i < 3; i++)
            await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", MaxOutputTokens = 200 });

        var kept = (await Traces(rig).ListAsync()).Traces;
        Assert.That(kept.Select(trace => (trace.Status, trace.Cost > 15)), Is.EquivalentTo(new[] { (CallStatus.Failed, false), (CallStatus.Completed, true) }));
    }

    [Test]
    public void WithTraces_SettingsOutOfRange_AreAllNamed()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => (options.MaxRecords, options.KeepShare) = (0, double.NaN)).UseTracing());

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("TraceStoreOptions.MaxRecords").And.Message.Contains("TraceStoreOptions.KeepShare"));
    }

    private static BudgetRig Rig(ScriptedAnswer answer) => new(builder => builder.AddPriced("model", answer).WithTraces(Content).UseTracing());

    private static void Content(TraceStoreOptions options) => options.Content = true;

    private static int BytesOf(TraceRecord record) => record.Contents.Sum(static content => content.Json.Length);

    private Task<ChatResponse> AskAsync(BudgetRig rig, List<ChatMessage> messages, ChatOptions options) =>
        streamed ? rig.Chat.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : rig.Chat.GetResponseAsync(messages, options);

    private static LlmTraces Traces(BudgetRig rig) => rig.Services.GetRequiredService<LlmTraces>();

    private static async Task<TraceRecord> Single(BudgetRig rig) => (await Traces(rig).GetAsync((await Traces(rig).ListAsync(new() { Kind = TraceKind.Chat })).Traces.Single().Id))!;

    private sealed class BrokenTraceStore : ITraceStore
    {
        private static IOException Broken => new("disk full while writing hunter2");

        public ValueTask AddAsync(IReadOnlyList<TraceRecord> records, CancellationToken cancellationToken = default) => throw Broken;

        public ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default) => throw Broken;

        public ValueTask<TracePage> ListAsync(TraceQuery query, CancellationToken cancellationToken = default) => throw Broken;

        public ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default) => throw Broken;

        public ValueTask<bool> ScoreAsync(string id, TraceScore score, CancellationToken cancellationToken = default) => throw Broken;

        public ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default) => throw Broken;

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => throw Broken;
    }
}
