using System.Diagnostics;
using System.Text;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

[NonParallelizable]
public sealed class SpanRecorderTests
{
    private const string Foreign = "Somebody.Elses";

    [Test]
    public async Task Span_OfANamedSource_StandsAboveTheCallsMadeInItWithoutItsTexts()
    {
        using var source = new ActivitySource(Foreign);
        using var rig = Rig();
        var traces = rig.Services.GetRequiredService<LlmTraces>();
        _ = rig.Chat;

        using (var agent = source.StartActivity("invoke_agent helper"))
        {
            agent!.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.usage.input_tokens", 99).SetTag("gen_ai.input.messages", "hunter2");
            await rig.AskAsync(streamed: true);
        }

        var records = (await traces.ListAsync()).Traces;
        var (call, span) = (records.Single(record => record.Kind == TraceKind.Chat), records.Single(record => record.Kind == TraceKind.Agent));
        Assert.That((span.Name, span.ParentSpanId, span.Usage.Total), Is.EqualTo(("invoke_agent helper", (string?)null, 0L)), "its tokens are its calls'");
        Assert.That((call.TraceId, call.ParentSpanId), Is.EqualTo((span.TraceId, span.SpanId)));
        Assert.That(((TraceRecord)span).Contents, Is.Empty);
    }

    [Test]
    public async Task Span_OfATracedTool_IsKeptWithItsRedactedTextsForItsUserAndTheCallIsNotTwice()
    {
        using var rig = Rig();
        var traces = rig.Services.GetRequiredService<LlmTraces>();
        _ = rig.Chat;
        var weather = LlmTrace.Traced(AIFunctionFactory.Create(static (string city) => $"rain in {city}", "weather"), new()
        {
            CaptureContent = true,
            Redact = static text => text.Replace("Ulm", "<CITY>", StringComparison.Ordinal),
        });

        using (LlmScope.Begin("acme", "ann"))
            await weather.InvokeAsync(new() { ["city"] = "Ulm" });
        await rig.AskAsync(streamed: false);

        var records = (await traces.ListAsync()).Traces;
        var tools = (TraceRecord)records.Single(record => record.Name == "execute_tool weather");
        Assert.That((tools.Kind, tools.Tenant, tools.User), Is.EqualTo((TraceKind.Tool, "acme", "ann")));
        Assert.That((tools.Input.Single().Text, tools.Output.Single().Text), Is.EqualTo(("{\"city\":\"<CITY>\"}", "\"rain in <CITY>\"")));
        Assert.That(records.Count(record => record.Kind == TraceKind.Chat && record.Tenant == "acme"), Is.EqualTo(1));
    }

    [Test]
    public async Task Span_WhoseTextsSomebodyElseWrote_IsKeptWithoutThem()
    {
        using var rig = Rig();
        _ = rig.Chat;

        // FunctionInvokingChatClient writes them with our source, as they are.
        using (var tool = LlmKitDiagnostics.ActivitySource.StartActivity("execute_tool raw"))
            tool!.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.call.arguments", "hunter2");

        var record = (TraceRecord)(await rig.Services.GetRequiredService<LlmTraces>().ListAsync()).Traces.Single(trace => trace.Name == "execute_tool raw");
        Assert.That(record.Contents, Is.Empty);
    }

    [Test]
    public async Task Evaluation_OfACallThatHasEnded_IsNoRecordOfItsOwn()
    {
        using var rig = Rig();
        _ = rig.Chat;
        var answered = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        LlmTrace.RecordEvaluation(new("relevance") { Score = 1 }, answered);

        var records = (await rig.Services.GetRequiredService<LlmTraces>().ListAsync()).Traces;
        Assert.That(records.Where(record => record.TraceId == answered.TraceId.ToHexString()), Is.Empty);
    }

    [Test]
    public async Task Span_OfARequestToOneOfTwoContainers_IsKeptThereAlone()
    {
        using var source = new ActivitySource(Foreign);
        using BudgetRig asked = Rig(), other = Rig();
        var (ours, others) = (asked.Services.GetRequiredService<LlmTraces>(), other.Services.GetRequiredService<LlmTraces>());
        (_, _) = (asked.Chat, other.Chat);

        using (source.StartActivity("request"))
        {
            // Before the call: only later is it known whose it is.
            using (LlmTrace.BeginRetrieval("handbook"))
            {
            }

            Assert.That((await others.ListAsync()).Traces, Is.Empty);
            await asked.AskAsync(streamed: true);
            await Tool("weather").InvokeAsync([]);
        }

        Assert.That((await ours.ListAsync()).Traces.Select(trace => trace.Name), Is.EquivalentTo(new[] { "request", "retrieval handbook", "chat scripted-1", "execute_tool weather" }));
        Assert.That((await others.ListAsync()).Traces, Is.Empty);
    }

    [Test]
    public async Task Span_OfARequestThatAskedNobodyOrBoth_IsKeptByBoth()
    {
        using var source = new ActivitySource(Foreign);
        using BudgetRig one = Rig(), other = Rig();
        (_, _) = (one.Chat, other.Chat);

        using (source.StartActivity("nobody"))
            await Tool("idle").InvokeAsync([]);
        using (source.StartActivity("both"))
        {
            await one.AskAsync(streamed: false);
            await Tool("busy").InvokeAsync([]);
            await other.AskAsync(streamed: false);
        }

        foreach (var rig in new[] { one, other })
        {
            Assert.That((await rig.Services.GetRequiredService<LlmTraces>().ListAsync()).Traces.Select(trace => trace.Name),
                Is.EquivalentTo(new[] { "nobody", "execute_tool idle", "both", "execute_tool busy", "chat scripted-1" }));
        }
    }

    [Test]
    public async Task Span_OfARequestThatNeverEnds_IsDecidedAfterTheTimeForThat()
    {
        using var source = new ActivitySource(Foreign);
        using BudgetRig one = Rig(), other = Rig();
        (_, _) = (one.Chat, other.Chat);
        var traces = one.Services.GetRequiredService<LlmTraces>();
        using var endless = source.StartActivity("endless");
        await Tool("idle").InvokeAsync([]);
        Assert.That((await traces.ListAsync()).Traces, Is.Empty);

        one.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That((await traces.ListAsync()).Traces.Select(trace => trace.Name), Is.EqualTo(new[] { "execute_tool idle" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Agent_WithARedaction_DoesNotAskOthersToWriteWhatToolsAreGiven(bool redacts)
    {
        using var rig = Rig();
        _ = rig.Chat;

        using var agent = LlmTrace.BeginAgent("helper", options: new() { CaptureContent = true, Redact = redacts ? static _ => "" : null });

        Assert.That(agent.Span!.GetCustomProperty("__EnableSensitiveData__"), redacts ? Is.Null : Is.EqualTo("true"));
    }

    [TestCase(SpanMode.Full)]
    [TestCase(SpanMode.StoreOnly)]
    public async Task Scopes_WithTextsInTheStoreAlone_AreKeptWithTheirsAndSpansHaveNone(SpanMode mode)
    {
        using var listener = new TelemetryRecorder(metrics: false);
        using var rig = Rig();
        _ = rig.Chat;
        var options = new TracingOptions { CaptureContent = false, SpanMode = mode };

        using (var retrieval = LlmTrace.BeginRetrieval("our-docs", "where is Ulm?", topK: 3, options: options))
            retrieval.SetDocuments([new("d1", 0.5) { Title = "Ulm" }]);
        using (var agent = LlmTrace.BeginAgent(new TraceAgent("our-agent") { Request = new() { Instructions = "Know Ulm." } }, options))
        {
            agent.SetInput([new(ChatRole.User, "say Ulm"), new(ChatRole.User, "now")]);
            agent.SetAnswer(new(new ChatMessage(ChatRole.Assistant, "Ulm!")));
        }

        await LlmTrace.Traced(AIFunctionFactory.Create(static (string city) => $"rain in {city}", "our-tool"), options).InvokeAsync(new() { ["city"] = "Ulm" });

        var (docs, helper, tool) = (await Record(rig, "retrieval our-docs"), await Record(rig, "invoke_agent our-agent"), await Record(rig, "execute_tool our-tool"));
        Assert.That((Encoding.UTF8.GetString(docs.Documents!.Json.Span), docs.Input.Single().Text), Is.EqualTo(("""[{"id":"d1","score":0.5,"title":"Ulm"}]""", "where is Ulm?")));
        Assert.That((helper.Instructions!.Role, helper.Instructions.Text, helper.Input.Count, helper.Input[0].Role, helper.Input[0].Text), Is.EqualTo(("system", "Know Ulm.", 2, "user", "say Ulm")));
        Assert.That((helper.Output.Single().Role, helper.Output.Single().Text), Is.EqualTo(("assistant", "Ulm!")));
        Assert.That((tool.Kind, tool.Input.Single().Text, tool.Output.Single().Text), Is.EqualTo((TraceKind.Tool, """{"city":"Ulm"}""", "\"rain in Ulm\"")));
        Assert.That(string.Join('\n', listener.Everything()), Does.Not.Contain("Ulm"));
    }

    [Test]
    public async Task Scopes_OfTheStoreAlone_AreNoSpansAndStandUnderTheCurrentOne()
    {
        using var listener = new TelemetryRecorder(metrics: false);
        using var rig = Rig();
        _ = rig.Chat;
        using var request = new Activity("request").Start();

        using (var scope = LlmTrace.BeginRetrieval("lonely", options: new() { SpanMode = SpanMode.StoreOnly }))
        {
            Assert.That((scope.Span, Activity.Current), Is.EqualTo(((Activity?)null, request)));
            scope.Fail(new TimeoutException());
        }

        Assert.That(Activity.Current, Is.EqualTo(request));
        request.Stop();
        var record = await Record(rig, "retrieval lonely");
        Assert.That((record.TraceId, record.ParentSpanId, record.Kind, record.ErrorType), Is.EqualTo((request.TraceId.ToHexString(), request.SpanId.ToHexString(), TraceKind.Retrieval, "timeout")));
        Assert.That(listener.Everything(), Has.None.Contains("lonely"));
    }

    [Test]
    public async Task Scopes_WithoutARedaction_GoThroughThatOfThePipelines([Values] bool throws)
    {
        using var rig = Rig(tracing => tracing.Redact = text => throws ? throw new FormatException() : text.Replace("Ulm", "<CITY>", StringComparison.Ordinal));
        _ = rig.Chat;

        using (var retrieval = LlmTrace.BeginRetrieval("our-docs", "where is Ulm?"))
            retrieval.SetDocuments([new("d1", 0.5) { Title = "Ulm" }]);
        using (var agent = LlmTrace.BeginAgent("our-agent"))
            agent.SetInput([new(ChatRole.User, "say Ulm")]);
        await LlmTrace.Traced(AIFunctionFactory.Create(static (string[] cities) => cities, "our-tool")).InvokeAsync(new() { ["cities"] = new[] { "Ulm" } });

        TraceRecord[] records = [await Record(rig, "retrieval our-docs"), await Record(rig, "invoke_agent our-agent"), await Record(rig, "execute_tool our-tool")];
        var texts = records.Select(record => string.Join('\n', record.Contents.Select(content => Encoding.UTF8.GetString(content.Json.Span)))).ToList();
        Assert.That(texts, Has.All.Not.Contains("Ulm").And.All.Contains(throws ? "[redaction failed]" : "<CITY>"));
        Assert.That(records.Select(record => record.IsRedacted), Is.All.True);
    }

    [Test]
    public async Task Scopes_BeforeAnyPipelineIsKnown_AreKeptWithTextsThatTheyRedactThemselves([Values] bool redacts)
    {
        using var rig = Rig();
        _ = rig.Services.GetRequiredService<LlmTraces>();

        using (LlmTrace.BeginRetrieval("early", "where is Ulm?", options: new() { Redact = redacts ? static text => text : null }))
        {
        }

        Assert.That((await Record(rig, "retrieval early")).Input, Has.Count.EqualTo(redacts ? 1 : 0));
    }

    [Test]
    public async Task Scopes_WithoutTextsInTheStore_AreKeptWithNone()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => options.Content = false).UseTracing());
        _ = rig.Chat;

        using (var retrieval = LlmTrace.BeginRetrieval("our-docs", "where is Ulm?", options: new() { CaptureContent = true }))
            retrieval.SetDocuments([new("d1", 0.5)]);

        Assert.That((await Record(rig, "retrieval our-docs")).Contents, Is.Empty);
    }

    [Test]
    public async Task Chat_ThatSomebodyElseTellsToo_CountsOnce([Values] bool streamed)
    {
        using var source = new ActivitySource(Foreign);
        using var rig = Rig();
        _ = rig.Chat;

        using (var chat = source.StartActivity("chat theirs", ActivityKind.Client))
        {
            chat!.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.usage.input_tokens", 70).SetTag("gen_ai.usage.output_tokens", 20);
            await rig.AskAsync(streamed);
        }

        using (var alone = source.StartActivity("chat alone", ActivityKind.Client))
            alone!.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.usage.input_tokens", 5);

        var traces = rig.Services.GetRequiredService<LlmTraces>();
        var sums = (await traces.AggregateAsync(new() { Kind = TraceKind.Chat }, new())).Single();
        var ours = (await traces.ListAsync()).Traces.Single(trace => trace.Pipeline is not null);
        Assert.That((sums.Calls, sums.InputTokens), Is.EqualTo((2, 5 + ours.Usage.Input)));
        Assert.That((await Record(rig, "chat theirs")).SpanId, Is.EqualTo(ours.ParentSpanId), "it stays in the tree");
    }

    [Test]
    public async Task Span_OfANamedSource_IsKeptWithFiguresAndLabelsAndNoOtherWords()
    {
        using var source = new ActivitySource(Foreign);
        using var rig = Rig();
        _ = rig.Chat;

        using (var span = source.StartActivity("GET"))
        {
            span!.SetTag("http.request.method", "GET").SetTag("http.response.status_code", 503).SetTag("retried", true).SetTag("server.address", new string('a', 1_000));
            span.SetTag("url.full", "https://host/?key=hunter2").SetTag("gen_ai.input.messages", "hunter2").SetTag("input.value", "hunter2").SetTag("gen_ai.request.stop_sequences", new[] { "hunter2" });
            for (var i = 0; i < 100; i++)
                span.SetTag($"figure.{i}", i);
        }

        var record = await Record(rig, "GET");
        Assert.That((record.Attributes["http.request.method"], record.Attributes["http.response.status_code"], record.Attributes["retried"]), Is.EqualTo(("GET", "503", "true")));
        Assert.That((record.Attributes.Count, record.Attributes["server.address"].Length), Is.EqualTo((64, 256)));
        Assert.That(record.Attributes.Values, Has.None.Contains("hunter2"));
    }

    private static async Task<TraceRecord> Record(BudgetRig rig, string name)
    {
        var traces = rig.Services.GetRequiredService<LlmTraces>();
        return (await traces.GetAsync((await traces.ListAsync()).Traces.Single(trace => trace.Name == name).Id))!;
    }

    private static AIFunction Tool(string name) => LlmTrace.Traced(AIFunctionFactory.Create(static () => "ok", name));

    private static BudgetRig Rig(Action<TracingOptions>? tracing = null) =>
        new(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => (options.Content, options.Sources) = (true, [Foreign])).UseTracing(tracing));
}
