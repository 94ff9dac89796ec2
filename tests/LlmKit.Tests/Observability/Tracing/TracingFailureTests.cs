using System.Diagnostics;
using System.Net;
using LlmKit.Calls;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingFailureTests
{
    private const string Prompt = "the prompt that an error echoes";

    [Test]
    public void Call_ModelFails_ErrorHasItsKindAndNoWords([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var failure = new HttpRequestException($"Bad request: {Prompt}", null, HttpStatusCode.TooManyRequests);

        Assert.That(() => traced.AskAsync(traced.Build(alone, ScriptedAnswer.Throws(failure)), streamed), Throws.InstanceOf<HttpRequestException>());

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.StatusDescription, Is.Null.Or.Empty);
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("rate_limited"));
        var duration = recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.request.model", traced.Name).Single();
        Assert.That(duration.Tags["error.type"], Is.EqualTo("rate_limited"));
    }

    [Test]
    public void Call_FailureUnclassified_ErrorTypeIsTheUnwrappedType([Values] bool alone)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var failure = new AggregateException(new InvalidOperationException(Prompt));

        Assert.That(() => traced.AskAsync(traced.Build(alone, ScriptedAnswer.Throws(failure)), streamed: false), Throws.InstanceOf<AggregateException>());

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
    }

    [Test]
    public void Call_FailsWithContentOn_DescriptionIsTheRedactedMessage()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => (options.CaptureContent, options.Redact) = (true, text => text.Replace("echoes", "***", StringComparison.Ordinal)) };

        Assert.That(() => traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Throws(new InvalidOperationException(Prompt))), streamed: false), Throws.InvalidOperationException);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).StatusDescription, Is.EqualTo("the prompt that an error ***"));
    }

    [Test]
    public async Task Call_Cancelled_IsNeitherErrorNorSuccess([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        using var cancel = new CancellationTokenSource();
        var asked = traced.AskAsync(traced.Build(alone, ScriptedAnswer.Hangs()), streamed, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        Assert.That(async () => await asked, Throws.InstanceOf<OperationCanceledException>());
        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.OutcomeTag), Is.EqualTo("cancelled"));
        Assert.That(span.GetTagItem("error.type"), Is.Null);
        var duration = recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.request.model", traced.Name).Single();
        Assert.That(duration.Tags["error.type"], Is.EqualTo("cancelled"));
    }

    [Test]
    public void Call_DeadlinePasses_IsATimeout([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Outside = builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(10)) };
        var asked = traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Hangs()), streamed);

        traced.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(async () => await asked, Throws.InstanceOf<LlmTimeoutException>());
        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("timeout"));
        Assert.That(span.Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Call_RetriedAndAnswered_SpanIsCleanAndTellsBothAttempts()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Stages = builder => builder.Use(inner => new OnceMoreClient(inner, () => new RetryStep(1))) };
        var model = new ScriptedChatClient((number, _) =>
        {
            traced.Time.Advance(TimeSpan.FromSeconds(number + 1));
            return number == 0 ? ScriptedAnswer.Throws(new HttpRequestException(Prompt, null, HttpStatusCode.ServiceUnavailable)) : ScriptedAnswer.Text("hi");
        });

        await traced.AskAsync(traced.Composed(model), streamed: false);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.GetTagItem("error.type"), Is.Null);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.AttemptsTag), Is.EqualTo(2));
        AssertAttempts(recorder.Children(span), span);
        var step = span.Events.Single();
        Assert.That(step.Name, Is.EqualTo("llmkit.resilience.retry"));
        Assert.That(step.Timestamp - span.StartTimeUtc, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(step.Tags.ToDictionary()["llmkit.retry.number"], Is.EqualTo(1));
        Assert.That(step.Tags.ToDictionary()[LlmKitDiagnostics.ReasonTag], Is.EqualTo("the model was overloaded"));
    }

    [Test]
    public async Task Call_StepCannotSayItsFacts_EventAndCallGoOn()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Stages = builder => builder.Use(inner => new OnceMoreClient(inner, () => new BrokenStep { Observed = true })) };
        var busy = ScriptedAnswer.Throws(new HttpRequestException(Prompt, null, HttpStatusCode.ServiceUnavailable));

        var text = await traced.AskAsync(traced.Build(alone: false, busy, ScriptedAnswer.Text("hi")), streamed: false);

        var step = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).Events.Single();
        Assert.That(text, Is.EqualTo("hi"));
        Assert.That(step.Tags, Is.EqualTo(new KeyValuePair<string, object?>[] { new(LlmKitDiagnostics.ObservedTag, true) }));
    }

    private static void AssertAttempts(Activity[] attempts, Activity span)
    {
        Assert.That(attempts.Select(attempt => attempt.DisplayName), Is.EqualTo(new[] { "attempt small", "attempt small" }));
        Assert.That(attempts.Select(attempt => attempt.Kind), Is.All.EqualTo(ActivityKind.Internal));
        Assert.That(attempts.Select(attempt => attempt.StartTimeUtc - span.StartTimeUtc), Is.EqualTo(new[] { TimeSpan.Zero, TimeSpan.FromSeconds(1) }));
        Assert.That(attempts.Select(attempt => attempt.Duration), Is.EqualTo(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2) }));
        Assert.That(attempts[0].Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(attempts[0].GetTagItem("error.type"), Is.EqualTo("overloaded"));
        Assert.That(attempts[0].GetTagItem(LlmKitDiagnostics.AttemptStatusTag), Is.EqualTo(503));
        Assert.That(attempts[1].Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(attempts[1].GetTagItem(LlmKitDiagnostics.AttemptInputTokensTag), Is.EqualTo(10L));
        Assert.That(attempts.SelectMany(attempt => attempt.TagObjects).Select(tag => tag.Key), Has.None.StartsWith("gen_ai.usage."));
    }
}
