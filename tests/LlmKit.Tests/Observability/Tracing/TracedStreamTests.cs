using System.Diagnostics;
using System.Runtime.CompilerServices;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracedStreamTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Stream_ReaderTakesItsTime_OnlyWaitsForUpdatesAreMeasured()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var answer = ScriptedAnswer.Text("a", "b") with { Delay = 2 * Second, DelayBetween = 3 * Second };
        await using var stream = traced.Build(alone: false, answer).GetStreamingResponseAsync("hello", traced.CallOptions).GetAsyncEnumerator();

        await MoveAsync(stream, traced, 2 * Second);
        traced.Time.Advance(10 * Second);
        await MoveAsync(stream, traced, 3 * Second);
        traced.Time.Advance(10 * Second);
        await MoveAsync(stream, traced, 3 * Second);
        while (await stream.MoveNextAsync())
            continue;

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.response.time_to_first_chunk"), Is.EqualTo(2d));
        Assert.That(span.Duration, Is.EqualTo(28 * Second));
        Assert.That(Values("gen_ai.client.operation.time_to_first_chunk"), Is.EqualTo(new[] { 2d }));
        Assert.That(Values("gen_ai.client.operation.time_per_output_chunk"), Is.EqualTo(new[] { 3d, 3d, 0d }));
        Assert.That(Values("gen_ai.client.operation.duration"), Is.EqualTo(new[] { 8d }));

        double[] Values(string instrument) =>
            [.. recorder.Measurements(instrument, "gen_ai.request.model", traced.Name).Select(measurement => measurement.Value)];
    }

    [Test]
    public async Task Stream_LeftEarly_SpanEndsOnceAsAbandoned([Values] bool alone)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await foreach (var _ in traced.Build(alone, ScriptedAnswer.Text("a", "b", "c")).GetStreamingResponseAsync("hello", traced.CallOptions))
            break;

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.OutcomeTag), Is.EqualTo("abandoned"));
        var duration = recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.request.model", traced.Name).Single();
        Assert.That(duration.Tags["error.type"], Is.EqualTo("abandoned"));
    }

    [Test]
    public void Stream_FailsInTheMiddle_SpanEndsOnceWithTheError([Values] bool alone)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var answer = ScriptedAnswer.Text("a", "b") with { Failure = new IOException("cut"), FailAfterChunks = 1 };

        Assert.That(() => traced.AskAsync(traced.Build(alone, answer), streamed: true), Throws.InstanceOf<IOException>());

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("transient"));
        Assert.That(span.GetTagItem("gen_ai.response.time_to_first_chunk"), Is.Not.Null);
    }

    [Test]
    public void Stream_Truncated_IsAnErrorWhereItsEdgeSaysSo()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var answer = ScriptedAnswer.Text("a") with { FinishReason = null };

        Assert.That(() => traced.AskAsync(traced.Build(alone: false, answer), streamed: true), Throws.InstanceOf<TruncatedAnswerException>());

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("truncated"));
    }

    [Test]
    public async Task Stream_TruncatedWithoutEdge_SaysThatTheReasonIsMissing()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Text("a") with { FinishReason = null }), streamed: true);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.FinishReasonMissingTag), Is.EqualTo(true));
        Assert.That(span.GetTagItem("gen_ai.response.finish_reasons"), Is.Null);
    }

    [Test]
    public async Task Stream_CumulativeUsage_IsNotSummed()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var early = new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 1 });

        await traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Text("a", "b") with { Contents = [early] }), streamed: true);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.usage.input_tokens"), Is.EqualTo(10L));
        Assert.That(span.GetTagItem("gen_ai.usage.output_tokens"), Is.EqualTo(2L));
    }

    [Test]
    public async Task Stream_BetweenUpdates_SpanIsCurrentBelowAndNeverForTheReader([Values] bool alone)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var model = new WatchingClient();
        using var readers = new Activity("reader").Start();
        var client = alone ? traced.Alone(model) : traced.Composed(model);

        await foreach (var _ in client.GetStreamingResponseAsync("hello", traced.CallOptions))
            Assert.That(Activity.Current, Is.SameAs(readers));

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(Activity.Current, Is.SameAs(readers));
        Assert.That(span.ParentSpanId, Is.EqualTo(readers.SpanId));
        Assert.That(model.Seen, Has.Count.EqualTo(3).And.All.SameAs(span));
    }

    [Test]
    public async Task Stream_ReaderStartsItsOwnSpanAndLeaves_ItsSpanStaysCurrent()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var stream = traced.Build(alone: false, ScriptedAnswer.Text("a", "b")).GetStreamingResponseAsync("hello", traced.CallOptions).GetAsyncEnumerator();
        await stream.MoveNextAsync();
        using var readers = new Activity("reader").Start();

        await stream.DisposeAsync();

        Assert.That(Activity.Current, Is.SameAs(readers));
        Assert.That(recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Stream_EnumeratedTwice_EachEnumerationHasItsSpan()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var stream = traced.Build(alone: false, ScriptedAnswer.Text("a")).GetStreamingResponseAsync("hello", traced.CallOptions);

        await stream.ToChatResponseAsync();
        await stream.ToChatResponseAsync();

        Assert.That(recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Stream_LostByItsReader_SpanEndsWhenItIsCollected()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var ended = recorder.Awaited[traced.Name] = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Lose(traced);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        var span = await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.OutcomeTag), Is.EqualTo("abandoned"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(TracedPipeline traced)
    {
        var stream = traced.Build(alone: true, ScriptedAnswer.Text("a", "b")).GetStreamingResponseAsync("hello", traced.CallOptions).GetAsyncEnumerator();
        Assert.That(stream.MoveNextAsync().AsTask().IsCompletedSuccessfully);
    }

    private static async Task MoveAsync(IAsyncEnumerator<ChatResponseUpdate> stream, TracedPipeline traced, TimeSpan wait)
    {
        var move = stream.MoveNextAsync();
        traced.Time.Advance(wait);
        Assert.That(await move);
    }
}
