using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

/// <summary>What is not kept is counted, and makes no call wait. The counter is one for all: these tests run alone.</summary>
[NonParallelizable]
public sealed class TraceDropTests : IDisposable
{
    private readonly TelemetryRecorder _telemetry = new(spans: false);
    private readonly ManualTimeProvider _clock = new();

    [TearDown]
    public void Dispose() => _telemetry.Dispose();

    [Test]
    public async Task Drop_OfMoreCallsThanMayWait_IsCounted()
    {
        await using var recorder = Recorder(new MemoryTraceStore(), options => options.MaxQueued = 2);

        for (var i = 0; i < 5; i++)
            recorder.Begin(Call());

        Assert.That(Dropped("queue_full"), Is.EqualTo(3));
    }

    [Test]
    public async Task Drop_OfMoreSpansThanMayWait_IsCounted()
    {
        using var span = new System.Diagnostics.Activity("tool").Start();
        await using var recorder = Recorder(new MemoryTraceStore(), options => options.MaxQueued = 1);
        recorder.Begin(Call());

        recorder.Add(TraceRecords.Of("tool"), span);

        Assert.That(Dropped("queue_full"), Is.EqualTo(1));
    }

    [Test]
    public async Task Drop_OfMoreTextsThanMayWait_IsCounted()
    {
        await using var recorder = Recorder(new MemoryTraceStore(), options => options.MaxQueuedBytes = 64 << 10);
        var large = recorder.Begin(Call())!;
        large.GetSpan(70_000);
        large.Advance(70_000);
        recorder.Asked(large);

        recorder.Begin(Call());

        Assert.That(Dropped("content"), Is.EqualTo(1));
    }

    [Test]
    public async Task Drop_OfATraceThatIsNotKept_IsCountedByItsRecords([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => options.KeepShare = 0).UseTracing());
        using (new System.Diagnostics.Activity("request").Start())
        {
            await rig.AskAsync(streamed);
            await rig.AskAsync(streamed);
        }

        Assert.That((await rig.Services.GetRequiredService<LlmTraces>().ListAsync()).Traces, Is.Empty);
        Assert.That(Dropped("sampled_out"), Is.EqualTo(2));
    }

    [Test]
    public async Task Drop_OfWhatTheStoreRefuses_IsCounted([Values] bool streamed)
    {
        var store = new HeldStore();
        using var rig = Rig(store);
        store.Gate.SetException(new IOException());
        await rig.AskAsync(streamed);

        await rig.Services.GetRequiredService<LlmTraces>().ListAsync();

        Assert.That(Dropped("store_failed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Drop_OfACallThatEndsAfterTheRecorder_IsCounted()
    {
        var recorder = Recorder(new MemoryTraceStore());
        var recording = recorder.Begin(Call())!;
        await recorder.DisposeAsync();

        recorder.End(recording);

        Assert.That(Dropped("closed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_WithAStoreThatNeverEnds_GivesUpAfterTenSecondsAndCountsIt()
    {
        var store = new HeldStore();
        var recorder = Recorder(store);
        var call = Call();
        recorder.End(recorder.Begin(call)!);
        call.Close(CallStatus.Completed);

        var closing = recorder.DisposeAsync().AsTask();
        Assert.That(closing.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await closing;

        Assert.That(Dropped("closed"), Is.EqualTo(1));
        store.Gate.SetResult();
    }

    [Test]
    public async Task Calls_WithAStoreThatNeverEnds_GoOnAndWhoReadsWaitsAsLongAsTheyLike([Values] bool streamed)
    {
        var store = new HeldStore();
        using var rig = Rig(store);
        using var cancel = new CancellationTokenSource();
        var outcome = await rig.AskAsync(streamed);

        for (var i = 0; i < 10; i++)
            Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("ok"));
        var reading = rig.Services.GetRequiredService<LlmTraces>().ListAsync(cancellationToken: cancel.Token).AsTask();
        var scoring = rig.Services.GetRequiredService<LlmFeedback>().RecordAsync(outcome.Call!.Id, 1, cancellationToken: cancel.Token).AsTask();
        Assert.That((reading.IsCompleted, scoring.IsCompleted), Is.EqualTo((false, false)));
        await cancel.CancelAsync();

        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await scoring, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Dropped("queue_full"), Is.GreaterThan(0), "no more than may wait does");
        store.Gate.SetResult();
    }

    private static BudgetRig Rig(ITraceStore store) => new(
        builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => options.MaxQueued = 3).UseTracing(),
        more: services => services.AddSingleton(store));

    private static LlmCall Call() => new(CallSetup.Alone("test", null, null), default, isStreaming: false);

    private CallRecorder Recorder(ITraceStore store, Action<TraceStoreOptions>? configure = null)
    {
        var options = new TraceStoreOptions { Content = true };
        configure?.Invoke(options);
        return new(store, options, _clock, NullLogger.Instance);
    }

    private double Dropped(string reason) => _telemetry.Measurements("llmkit.trace.dropped", "reason", reason).Sum(measurement => measurement.Value);

    /// <summary>A store that adds nothing until its gate opens.</summary>
    private sealed class HeldStore : ITraceStore
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask AddAsync(IReadOnlyList<TraceRecord> records, CancellationToken cancellationToken = default) => new(Gate.Task);

        public ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default) => default;

        public ValueTask<TracePage> ListAsync(TraceQuery query, CancellationToken cancellationToken = default) => new(new TracePage([], null));

        public ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default) => new([]);

        public ValueTask<bool> ScoreAsync(string id, TraceScore score, CancellationToken cancellationToken = default) => default;

        public ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default) => default;

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => default;
    }
}
