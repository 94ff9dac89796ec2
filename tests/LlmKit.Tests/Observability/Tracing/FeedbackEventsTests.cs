using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class FeedbackEventsTests
{
    private const string EventName = "gen_ai.evaluation.result";
    private const string SpanName = "evaluate user_feedback";
    private static readonly string Unknown = Guid.CreateVersion7().ToString("n");

    private readonly EventLog _log = new();

    [Test]
    public async Task Feedback_OnACallThatOnlyTheStoreKnows_BelongsToItsSpan()
    {
        using var recorder = new TelemetryRecorder();
        var known = new AnsweredCall("p", ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString(), "r-1");
        var events = EventsOf(new KnownCalls(known));

        Assert.That(await events.TakeAsync(new(Unknown, 1, Label: null), default), Is.True);

        var told = _log.Single(EventName);
        Assert.That((told.Span!.DisplayName, told.Span.TraceId.ToHexString(), told.Span.ParentSpanId.ToHexString()), Is.EqualTo((SpanName, known.TraceId, known.SpanId)));
        Assert.That((told.Values["gen_ai.evaluation.score.label"], told.Values["gen_ai.response.id"]), Is.EqualTo(("pass", "r-1")));
        Assert.That(told.Values.Keys, Has.None.EqualTo("gen_ai.evaluation.explanation"));
        Assert.That(told.Span.Events.Single().Name, Is.EqualTo(EventName));
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public async Task Feedback_OnACallThatNobodyKnows_IsToldByItsIdAlone([Values] bool hasStore)
    {
        using var recorder = new TelemetryRecorder();
        var events = EventsOf(hasStore ? new KnownCalls(call: null) : null);

        Assert.That(await events.TakeAsync(new(Unknown, 0, "wrong"), default), Is.False);

        var told = _log.Single(EventName);
        Assert.That((told.Span, told.Values["llmkit.call.id"], told.Values["gen_ai.evaluation.explanation"]), Is.EqualTo(((Activity?)null, Unknown, "wrong")));
    }

    [Test]
    public async Task Feedback_OnAnIdThatIsNone_IsNotTold()
    {
        Assert.That(await EventsOf(older: null).TakeAsync(new("what a visitor typed", 0, "wrong"), default), Is.False);

        Assert.That(_log.Records, Is.Empty);
    }

    [Test]
    public async Task Feedback_EventsRefused_IsNotTold([Values] bool storeOnly)
    {
        var events = EventsOf(older: null, storeOnly ? new() { SpanMode = SpanMode.StoreOnly } : new() { EmitEvents = false });

        await events.TakeAsync(new(Unknown, 0, "wrong"), default);

        Assert.That(_log.Records, Is.Empty);
    }

    [Test]
    public async Task Feedback_TwoPipelines_IsToldOnce([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(new OneLog(_log));
        foreach (var name in new[] { "a", "b" })
            services.AddLlmPipeline(name).AddModel("small", new ScriptedChatClient(ScriptedAnswer.Text("hi"))).UseTracing();
        await using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredKeyedService<IChatClient>("a");
        var traced = new TracedPipeline();
        LlmCall? call = null;
        var options = traced.CallOptions;
        options.OnCompleted = closed => call = closed;
        if (streamed)
            await provider.GetRequiredKeyedService<IChatClient>("b").GetStreamingResponseAsync("hello", options).ToChatResponseAsync();
        else
            await provider.GetRequiredKeyedService<IChatClient>("b").GetResponseAsync("hello", options);

        Assert.That(await provider.GetRequiredService<LlmFeedback>().RecordAsync(call!.Id, 1), Is.True);

        var chat = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(_log.Single(EventName).Span!.ParentSpanId, Is.EqualTo(chat.SpanId));
    }

    [Test]
    public async Task Call_LevelOff_NothingIsToldNorRemembered([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var quiet = new EventLog { Least = LogLevel.Warning };
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(new OneLog(quiet));
        services.AddLlmPipeline("a").AddModel("small", new ScriptedChatClient(ScriptedAnswer.Text("hi"))).UseTracing().UseGuardrails(rules => rules.DenyTerms("hello"));
        await using var provider = services.BuildServiceProvider();
        LlmCall? call = null;
        var options = new LlmCallOptions { OnCompleted = closed => call = closed };
        var client = provider.GetRequiredKeyedService<IChatClient>("a");

        if (streamed)
            await client.GetStreamingResponseAsync("hello", options).ToChatResponseAsync();
        else
            await client.GetResponseAsync("hello", options);
        var known = await provider.GetRequiredService<LlmFeedback>().RecordAsync(call!.Id, 1);

        Assert.That((known, quiet.Records.Count, call.Steps.Count), Is.EqualTo((false, 0, 1)));
    }

    [Test]
    public void Find_MoreSpansThanAreRemembered_TheOldestAreForgotten()
    {
        var spans = new AnsweredSpans();
        var policy = TracingPolicy.Compile(new(), []);
        for (var i = 0; i < (AnsweredSpans.Remembered * 2) + 3; i++)
            spans.Add(new($"{i}", default, default, default, ResponseId: null, policy));

        Assert.That(spans.Find($"{(AnsweredSpans.Remembered * 2) + 2}"), Is.Not.Null);
        Assert.That(spans.Find($"{AnsweredSpans.Remembered + 3}"), Is.Not.Null);
        Assert.That(spans.Find($"{AnsweredSpans.Remembered + 2}"), Is.Null);
    }

    private FeedbackEvents EventsOf(IAnsweredCalls? older, TracingOptions? options = null)
    {
        var events = new FeedbackEvents(_log, older);
        events.Add("p", new(TracingPolicy.Compile(options ?? new(), [])));
        return events;
    }

    private sealed class KnownCalls(AnsweredCall? call) : IAnsweredCalls
    {
        public ValueTask<AnsweredCall?> FindAsync(string callId, CancellationToken cancellationToken) => new(call);
    }
}
