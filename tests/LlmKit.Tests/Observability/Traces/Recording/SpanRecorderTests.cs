using System.Diagnostics;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
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
    public async Task Span_OfLlmKitsOwnTool_IsKeptWithItsTextsAndTheCallIsNotTwice()
    {
        using var rig = Rig();
        var traces = rig.Services.GetRequiredService<LlmTraces>();
        _ = rig.Chat;

        using (var tool = LlmKitDiagnostics.ActivitySource.StartActivity("execute_tool weather"))
            tool!.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.call.arguments", "{\"city\":\"Ulm\"}").SetTag("gen_ai.tool.call.result", "rain");
        await rig.AskAsync(streamed: false);

        var records = (await traces.ListAsync()).Traces;
        var tools = (TraceRecord)records.Single(record => record.Name == "execute_tool weather");
        Assert.That((tools.Kind, tools.Input.Single().Text, tools.Output.Single().Text), Is.EqualTo((TraceKind.Tool, "{\"city\":\"Ulm\"}", "rain")));
        Assert.That(records.Count(record => record.Kind == TraceKind.Chat && record.Tenant == "acme"), Is.EqualTo(1));
    }

    private static BudgetRig Rig() => new(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => (options.Content, options.Sources) = (true, [Foreign])).UseTracing());
}
