using System.Diagnostics;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
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

    private static AIFunction Tool(string name) => LlmTrace.Traced(AIFunctionFactory.Create(static () => "ok", name));

    private static BudgetRig Rig() => new(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => (options.Content, options.Sources) = (true, [Foreign])).UseTracing());
}
