using LlmKit.Integration.Tests.Observability.Otlp;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using OpenTelemetry.Trace;

namespace LlmKit.Integration.Tests.Observability;

/// <summary>What a content hook leaves, as it arrives at a collector and in the trace store; and that it is asked where nothing is sampled.</summary>
[NonParallelizable]
public sealed class HookExportTests
{
    private const string Marker = "M4RKER";
    private const string Input = "gen_ai.input.messages";
    private const string Output = "gen_ai.output.messages";

    [Test]
    public async Task Hook_NothingIsSampled_IsAskedAllTheSame([Values] bool streamed)
    {
        var hook = new Hook();
        await using var exported = await Exported.StartAsync(options => options.ContentHook = hook, Model(), stages: null, new AlwaysOffSampler());

        var call = await exported.AskAsync(Marker, streamed);

        Assert.That((hook.CallId, hook.Asked, hook.Answered), Is.EqualTo((call.Id, Marker, "fine " + Marker)));
        Assert.That((exported.Chats(), exported.Flush().Holds(Marker)), Is.EqualTo((Array.Empty<OtlpSpan>(), false)));
    }

    [Test]
    public async Task Hook_ChangesAndRefers_SpanEventAndRecordHoldWhatItLeft([Values] bool streamed)
    {
        var hook = new Hook { Puts = "changed", Reference = "file:///store/" };
        await using var exported = await Exported.StartAsync(
            options => (options.ContentHook, options.CaptureContent, options.CaptureContentOnEvents) = (hook, true, true), Model(), static builder => builder.WithTraces(static traces => traces.Content = true));

        var call = await exported.AskAsync(Marker, streamed);

        var record = (await exported.Traces.GetAsync(call.Id))!;
        Assert.That((record.Input.Single().Text, record.Output.Single().Text, record.IsRedacted), Is.EqualTo(("changed", "changed", true)));
        var details = exported.Flush().Logs.Single(log => log.EventName == "gen_ai.client.inference.operation.details").Attributes;
        foreach (var attributes in new[] { exported.Chat().Attributes, details })
        {
            Assert.That(new[] { attributes[Input]?.ToString(), attributes[Output]?.ToString() }, Is.All.Contains("changed"));
            Assert.That((attributes[Input + ".ref"], attributes[Output + ".ref"]), Is.EqualTo(("file:///store/in", "file:///store/out")));
        }

        Assert.That(exported.Flush().Holds(Marker), Is.False);
    }

    [Test]
    public async Task Hook_ChangesNothing_RedactedTextsArriveOnce([Values] bool streamed)
    {
        var hook = new Hook();
        await using var exported = await Exported.StartAsync(
            options => (options.ContentHook, options.CaptureContent, options.Redact) = (hook, true, static text => $"<{text.Replace(Marker, "***", StringComparison.Ordinal)}>"),
            Model(), static builder => builder.WithTraces(static traces => traces.Content = true));

        var call = await exported.AskAsync(Marker, streamed);

        var record = (await exported.Traces.GetAsync(call.Id))!;
        Assert.That((hook.Asked, hook.Answered), Is.EqualTo(("<***>", "<fine ***>")));
        Assert.That((record.Input.Single().Text, record.Output.Single().Text), Is.EqualTo(("<***>", "<fine ***>")));
        Assert.That((exported.Chat().Attributes[Input], exported.Chat().Attributes[Output]), Is.EqualTo((
            """[{"role":"user","parts":[{"type":"text","content":"<***>"}]}]""",
            """[{"role":"assistant","parts":[{"type":"text","content":"<fine ***>"}],"finish_reason":"stop"}]""")));
    }

    [Test]
    public async Task Hook_Throws_NoTextArrivesAnywhere([Values] bool streamed, [Values] bool atTheEnd)
    {
        var hook = new Hook { FailsAtTheStart = !atTheEnd, FailsAtTheEnd = true };
        await using var exported = await Exported.StartAsync(
            options => (options.ContentHook, options.CaptureContent, options.CaptureContentOnEvents) = (hook, true, true), Model(), static builder => builder.WithTraces(static traces => traces.Content = true));

        var call = await exported.AskAsync(Marker, streamed, new() { Instructions = Marker, Tools = [AIFunctionFactory.Create(static () => 1, "tool", Marker)] });

        var record = (await exported.Traces.GetAsync(call.Id))!;
        Assert.That((record.Input, record.Output, record.Instructions, record.Tools), Is.EqualTo((Array.Empty<TraceMessage>(), Array.Empty<TraceMessage>(), (TraceMessage?)null, (TraceMessage?)null)));
        Assert.That(exported.Chat().Attributes.Keys, Has.None.Matches<string>(name => name is Input or Output or "gen_ai.system_instructions"));
        Assert.That(exported.Flush().Holds(Marker), Is.False);
    }

    private static ScriptedChatClient Model() => new((_, _) => ScriptedAnswer.Text("fine ", "M4", "RK", "ER"), time: null, modelId: "gpt-m");

    private sealed class Hook : IContentHook
    {
        public string? Puts { get; init; }

        public string? Reference { get; init; }

        public bool FailsAtTheStart { get; init; }

        public bool FailsAtTheEnd { get; init; }

        public string? CallId { get; private set; }

        public string? Asked { get; private set; }

        public string? Answered { get; private set; }

        public void OnRequest(RequestContent content)
        {
            (CallId, Asked) = (content.CallId, content.Messages[0].Text);
            if (FailsAtTheStart)
                throw new InvalidOperationException(Asked);
            if (Reference is not null)
                content.MessagesReference = Reference + "in";
            if (Puts is not null)
                content.Messages = [new(ChatRole.User, Puts)];
        }

        public void OnResponse(ResponseContent content)
        {
            Answered = content.Response.Text;
            if (FailsAtTheEnd)
                throw new InvalidOperationException(Answered);
            if (Reference is not null)
                content.MessagesReference = Reference + "out";
            if (Puts is not null)
                content.Response = new(new ChatMessage(ChatRole.Assistant, Puts));
        }
    }
}
