using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>What depends on who listens in the whole process, and so cannot run beside other tests.</summary>
[NonParallelizable]
public class TracingSwitchedOffTests
{
    private static readonly ChatMessage[] Messages = [new(ChatRole.User, "hello")];

    [Test]
    public async Task Call_NobodyListens_InnerTaskAndStreamAreReturnedAndNothingIsAllocated()
    {
        var model = new ReadyClient();
        var (tracer, options, call) = await OpenAsync(model);

        Assert.That(tracer.RespondAsync(Messages, options, call, default).AsTask(), Is.SameAs(model.Answer));
        Assert.That(tracer.StreamAsync(Messages, options, call, default), Is.SameAs(model.Stream));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _ = tracer.RespondAsync(Messages, options, call, default);
            _ = tracer.StreamAsync(Messages, options, call, default);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    [Test]
    public async Task Call_OnlyMetrics_AllocatesLittle()
    {
        using var recorder = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        recorder.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        recorder.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        recorder.Start();
        var (tracer, options, call) = await OpenAsync(new ReadyClient());

        Assert.That(AllocatedBy(tracer, options, call, 100), Is.LessThanOrEqualTo(100));
    }

    [Test]
    public async Task Call_SpanWithoutContent_AllocatesWithinItsBound()
    {
        using var recorder = new TelemetryRecorder(metrics: false);
        var (tracer, options, call) = await OpenAsync(new ReadyClient());

        Assert.That(AllocatedBy(tracer, options, call, 1_200), Is.LessThanOrEqualTo(1_200));
    }

    [Test]
    public async Task Call_PropagationOnly_SpanHasNoTagsOfOurs()
    {
        var stopped = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = stopped.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var traced = new TracedPipeline { Options = options => options.CaptureContent = true };

        var text = await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: true);

        Assert.That(text, Is.EqualTo("hi"));
        Assert.That(stopped.Single().TagObjects.Select(tag => tag.Key), Has.None.StartsWith("llmkit.").And.None.StartsWith("gen_ai.input"));
    }

    [Test]
    public async Task Call_ListenersThrow_CallGoesOn([Values] bool alone, [Values] bool streamed)
    {
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => throw new InvalidOperationException("started"),
            ActivityStopped = _ => throw new InvalidOperationException("stopped"),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("measured"));
        meters.Start();
        var traced = new TracedPipeline();

        var text = await traced.AskAsync(traced.Build(alone, ScriptedAnswer.Text("a", "b")), streamed);

        Assert.That(text, Is.EqualTo("ab"));
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public async Task Stream_ManyUpdates_AllocatesNothingForEach()
    {
        using var recorder = new TelemetryRecorder(metrics: false);
        var few = await AllocatedByStreamAsync(10);
        var many = await AllocatedByStreamAsync(1_010);

        Assert.That((many - few) / 1_000, Is.LessThan(8));
    }

    private static async Task<long> AllocatedByStreamAsync(int updates)
    {
        var (tracer, options, call) = await OpenAsync(new ReadyClient { Updates = updates });
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await foreach (var _ in tracer.StreamAsync(Messages, options, call, default))
                continue;
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static long AllocatedBy(TracingChatClient tracer, ChatOptions options, LlmCall call, long enough) =>
        Allocated.By(() => _ = tracer.RespondAsync(Messages, options, call, default), enough);

    /// <summary>Gives a tracer with a call that is open, as it stands inside a pipeline.</summary>
    private static async Task<(TracingChatClient Tracer, ChatOptions Options, LlmCall Call)> OpenAsync(ReadyClient model)
    {
        var traced = new TracedPipeline();
        var catcher = new ScriptedChatClient(ScriptedAnswer.Hangs());
        _ = traced.Alone(catcher).GetResponseAsync(Messages, traced.CallOptions);
        var options = (await Task.FromResult(catcher.Requests.Single())).Options!;
        Assert.That(LlmCall.TryGet(options, out var call));
        return (traced.Alone(model), options, call!);
    }
}
