using System.Diagnostics;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingEventTests
{
    private const string Marker = "M4RKER";

    [Test]
    public async Task Details_NobodyWantsSpans_AreLoggedAllTheSame([Values] bool streamed)
    {
        var log = new EventLog();
        var client = Traced(log, options => options.EmitEvents = true, ScriptedAnswer.Text(Marker));

        await AskAsync(client, streamed);

        var told = log.Single("gen_ai.client.inference.operation.details");
        Assert.That(told.Level, Is.EqualTo(LogLevel.Debug));
        Assert.That(told.Values["gen_ai.operation.name"], Is.EqualTo("chat"));
        Assert.That(told.Values["gen_ai.usage.input_tokens"], Is.EqualTo(10L));
        Assert.That(told.Values.Keys, Has.None.StartsWith("llmkit.").And.None.EqualTo("gen_ai.input.messages"));
        Assert.That(told.Text, Is.EqualTo("gen_ai.client.inference.operation.details"));
    }

    [Test]
    public async Task Details_ContentOnEventsAlone_HaveStructureAndTheSpanHasNoTexts([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var traced = new TracedPipeline();
        var client = Traced(log, options => options.CaptureContentOnEvents = true, ScriptedAnswer.Text(Marker));

        await AskAsync(client, streamed, traced.CallOptions);

        var messages = (IReadOnlyList<object?>)log.Single("gen_ai.client.inference.operation.details").Values["gen_ai.output.messages"]!;
        var message = ((IReadOnlyList<KeyValuePair<string, object?>>)messages[0]!).ToDictionary();
        Assert.That(message["role"], Is.EqualTo("assistant"));
        Assert.That(message["finish_reason"], Is.EqualTo("stop"));
        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.TagObjects.Select(tag => tag.Key), Has.None.EqualTo("gen_ai.input.messages").And.None.EqualTo("gen_ai.output.messages"));
        Assert.That(log.Single("gen_ai.client.inference.operation.details").Span, Is.SameAs(span));
    }

    [Test]
    public async Task Details_ContentOnSpansAlone_HaveNoTextsAndOfToolsTheNames([Values] bool streamed, [Values(null, false)] bool? onEvents)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var traced = new TracedPipeline();
        var client = Traced(log, options => (options.CaptureContent, options.CaptureContentOnEvents, options.EmitEvents) = (true, onEvents, true), ScriptedAnswer.Text(Marker));
        var options = traced.CallOptions;
        (options.Instructions, options.Tools) = (Marker, [AIFunctionFactory.Create(static (string city) => city, "weather", Marker)]);

        await AskAsync(client, streamed, options);

        var told = log.Single("gen_ai.client.inference.operation.details").Values;
        Assert.That(told.Keys, Has.None.EqualTo("gen_ai.input.messages").And.None.EqualTo("gen_ai.output.messages").And.None.EqualTo("gen_ai.system_instructions"));
        Assert.That(told["gen_ai.tool.definitions"], Is.EqualTo("[{\"type\":\"function\",\"name\":\"weather\"}]"));
        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).TagObjects.ToDictionary();
        Assert.That(new[] { "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions" }.Select(name => (string?)span[name]), Has.All.Contains(Marker));
    }

    [Test]
    public async Task Details_ContentOnSpansAlone_HaveNoTextsOfAPipeline([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var traced = new TracedPipeline
        {
            Options = static options => (options.CaptureContent, options.EmitEvents) = (true, true),
            Services = services => services.AddSingleton<ILoggerFactory>(new OneLog(log)),
        };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text(Marker)), streamed, Marker);

        Assert.That(log.Single("gen_ai.client.inference.operation.details").Values.Values, Has.None.Matches<object?>(value => value?.ToString()?.Contains(Marker, StringComparison.Ordinal) == true));
    }

    [Test]
    public void Failure_ContentOfEventsOff_IsAWarningWithoutWords([Values] bool streamed, [Values] bool onSpans, [Values(null, false, true)] bool? onEvents)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var client = Traced(log, options => (options.CaptureContent, options.CaptureContentOnEvents) = (onSpans, onEvents), ScriptedAnswer.Throws(new InvalidOperationException(Marker)));

        Assert.That(() => AskAsync(client, streamed), Throws.InvalidOperationException);

        var told = log.Single("gen_ai.client.operation.exception");
        Assert.That(told.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(told.Values["exception.type"], Is.EqualTo("System.InvalidOperationException"));
        Assert.That(told.Values.GetValueOrDefault("exception.message"), Is.EqualTo(onEvents == true ? Marker : null));
        Assert.That(told.Values.ContainsKey("exception.stacktrace"), Is.EqualTo(onEvents == true));
    }

    [Test]
    public void Failure_EventsRefused_NothingIsLogged()
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var client = Traced(log, options => options.EmitEvents = false, ScriptedAnswer.Throws(new InvalidOperationException(Marker)));

        Assert.That(() => AskAsync(client, streamed: false), Throws.InvalidOperationException);

        Assert.That(log.Records, Is.Empty);
    }

    [Test]
    public void Evaluation_AfterTheAnswer_BelongsToItsSpan()
    {
        var stopped = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => stopped.Add(span),
        };
        ActivitySource.AddActivityListener(listener);
        var answered = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var log = new EventLog();

        LlmTrace.RecordEvaluation(new("user_feedback") { Score = 0.5, Label = "meh", Explanation = Marker }, answered, log);

        var span = stopped.Single(span => span.TraceId == answered.TraceId);
        var told = span.Events.Single();
        Assert.That((span.ParentSpanId, told.Name), Is.EqualTo((answered.SpanId, "gen_ai.evaluation.result")));
        Assert.That(told.Tags, Is.EqualTo(new KeyValuePair<string, object?>[] { new("gen_ai.evaluation.name", "user_feedback"), new("gen_ai.evaluation.score.value", 0.5), new("gen_ai.evaluation.score.label", "meh") }));
        Assert.That(log.Single("gen_ai.evaluation.result").Span, Is.SameAs(span));
    }

    [Test]
    public void Evaluation_Explanation_IsWhereItsSwitchSaysAlone([Values] bool onSpans, [Values] bool onEvents)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        using var around = LlmTrace.BeginWorkflow();

        LlmTrace.RecordEvaluation(new("tone") { Label = "rude", Explanation = Marker }, logger: log, options: new() { CaptureContent = onSpans, CaptureContentOnEvents = onEvents });

        Assert.That(around.Span!.Events.Single().Tags.ToDictionary().GetValueOrDefault("gen_ai.evaluation.explanation"), Is.EqualTo(onSpans ? Marker : null));
        Assert.That(log.Single("gen_ai.evaluation.result").Values.GetValueOrDefault("gen_ai.evaluation.explanation"), Is.EqualTo(onEvents ? Marker : null));
    }

    [TestCase("EVENT_ONLY", true)]
    [TestCase("span_and_event", true)]
    [TestCase("true", false)]
    [TestCase("SPAN_ONLY", false)]
    [TestCase(null, false)]
    public void Switch_ForEvents_IsPythonsVocabulary(string? value, bool on) => Assert.That(CaptureSwitch.IsOnForEvents(value), Is.EqualTo(on));

    [TestCase("true", true)]
    [TestCase("False", false)]
    [TestCase("perhaps", null)]
    [TestCase(null, null)]
    public void Switch_OfEvents_SaysYesNoOrNothing(string? value, bool? asked) => Assert.That(CaptureSwitch.AsksForEvents(value), Is.EqualTo(asked));

    private static TracingChatClient Traced(EventLog log, Action<TracingOptions> configure, ScriptedAnswer answer)
    {
        var options = new TracingOptions();
        configure(options);
        return new(new ScriptedChatClient(answer), options, log);
    }

    private static async Task AskAsync(IChatClient client, bool streamed, ChatOptions? options = null)
    {
        if (streamed)
            await client.GetStreamingResponseAsync(Marker, options).ToChatResponseAsync();
        else
            await client.GetResponseAsync(Marker, options);
    }
}
