using System.Diagnostics;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
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
    public void Failure_ContentOff_IsAWarningWithoutWords([Values] bool streamed, [Values] bool content)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var client = Traced(log, options => options.CaptureContent = content, ScriptedAnswer.Throws(new InvalidOperationException(Marker)));

        Assert.That(() => AskAsync(client, streamed), Throws.InvalidOperationException);

        var told = log.Single("gen_ai.client.operation.exception");
        Assert.That(told.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(told.Values["exception.type"], Is.EqualTo("System.InvalidOperationException"));
        Assert.That(told.Values.GetValueOrDefault("exception.message"), Is.EqualTo(content ? Marker : null));
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
