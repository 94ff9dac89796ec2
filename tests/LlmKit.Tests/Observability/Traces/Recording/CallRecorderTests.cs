using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

public sealed class CallRecorderTests
{
    private readonly MemoryTraceStore _store = new(maxRecords: 100_000);

    [Test]
    public async Task End_OfCallsThatCloseWhileTheWriterLooks_KeepsEachOnce()
    {
        await using var recorder = Recorder();

        for (var i = 0; i < 3_000; i++)
        {
            var call = Call();
            var recording = recorder.Begin(call)!;
            recording.Status = CallStatus.Completed;
            recorder.End(recording);
            call.Close(CallStatus.Completed);
        }

        await recorder.DrainAsync(CancellationToken.None);
        Assert.That(_store.Count, Is.EqualTo(3_000));
        Assert.That((await _store.ListAsync(new() { Limit = 1_000 })).Traces, Has.All.Property("IsIncomplete").False);
    }

    [Test]
    public async Task Begin_MoreCallsThanMayWait_AreNotKeptAndDoNotWait()
    {
        await using var recorder = Recorder(options => options.MaxQueued = 2);

        var begun = Enumerable.Range(0, 5).Select(_ => recorder.Begin(Call())).ToList();

        Assert.That(begun.Count(recording => recording is not null), Is.EqualTo(2));
    }

    [Test]
    public async Task Begin_MoreTextsThanMayWait_AreLeftOutOfNewRecords()
    {
        await using var recorder = Recorder(options => options.MaxQueuedBytes = 64 << 10);
        var large = recorder.Begin(Call())!;
        large.GetSpan(70_000);
        large.Advance(70_000);
        recorder.Asked(large);

        // Its call runs on, so that it still waits.
        Assert.That(recorder.Begin(Call())!.WantsContent, Is.False);
    }

    [Test]
    public async Task Dispose_WithACallThatStillRuns_KeepsWhatIsKnownOfIt()
    {
        var recorder = Recorder();
        recorder.End(recorder.Begin(Call())!);
        await recorder.DrainAsync(CancellationToken.None);

        await recorder.DisposeAsync();

        Assert.That((await _store.ListAsync(new())).Traces.Single().IsIncomplete, Is.True);
        Assert.That(recorder.Begin(Call()), Is.Null);
        await recorder.DrainAsync(CancellationToken.None);
    }

    [Test]
    public async Task Sampling_ATraceWhoseRootHasNotEnded_IsDecidedWithIt()
    {
        using var root = new System.Diagnostics.Activity("request").Start();
        var clock = new ManualTimeProvider();
        await using var recorder = Recorder(options => (options.KeepShare, options.RootTimeout) = (0, TimeSpan.FromMinutes(1)), clock);
        await EndAsync(recorder, CallStatus.Completed, root);
        Assert.That(_store.Count, Is.Zero, "an error may still come");

        await EndAsync(recorder, CallStatus.Failed, root);
        Assert.That(_store.Count, Is.Zero);
        root.Stop();
        await recorder.DrainAsync(CancellationToken.None);
        Assert.That(_store.Count, Is.EqualTo(2), "the whole trace is kept for its error");

        await EndAsync(recorder, CallStatus.Completed, root);
        Assert.That(_store.Count, Is.EqualTo(3), "what comes late follows what was decided");
    }

    [Test]
    public async Task Sampling_ASpanThatEndsBeforeTheCall_WaitsForTheRootToo()
    {
        using var root = new System.Diagnostics.Activity("request").Start();
        await using var recorder = Recorder(options => options.KeepShare = 0, new ManualTimeProvider());
        recorder.Add(TraceRecords.Of("retrieval") with { TraceId = root.TraceId.ToHexString() }, root);
        await EndAsync(recorder, CallStatus.Failed, root);
        root.Stop();

        await recorder.DrainAsync(CancellationToken.None);

        Assert.That(_store.Count, Is.EqualTo(2), "what was found is part of why it failed");
    }

    [Test]
    public async Task Sampling_MoreThanMayWait_IsDecidedOldestFirst()
    {
        await using var recorder = Recorder(options => (options.KeepShare, options.MaxQueued) = (0, 3), new ManualTimeProvider());
        var roots = Enumerable.Range(0, 5).Select(_ => new System.Diagnostics.Activity("request") { }.SetParentId(System.Diagnostics.ActivityTraceId.CreateRandom(), System.Diagnostics.ActivitySpanId.CreateRandom()).Start()).ToList();

        foreach (var root in roots)
            await EndAsync(recorder, CallStatus.Failed, root);

        Assert.That(_store.Count, Is.EqualTo(2));
        roots.ForEach(root => root.Dispose());
    }

    [Test]
    public async Task Sampling_ARootThatNeverEnds_IsDecidedInTime()
    {
        using var root = new System.Diagnostics.Activity("request").Start();
        var clock = new ManualTimeProvider();
        await using var recorder = Recorder(options => (options.KeepShare, options.RootTimeout) = (0, TimeSpan.FromMinutes(1)), clock);
        await EndAsync(recorder, CallStatus.Failed, root);

        clock.Advance(TimeSpan.FromMinutes(1));
        await recorder.DrainAsync(CancellationToken.None);

        Assert.That(_store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_WithARequestThatHasNoAnswerYet_KeepsWhatItAskedAndSaysThatItIsIncomplete()
    {
        var recorder = Recorder();
        var asked = Ask(recorder, Call().Child("shadow").Call!);

        await recorder.DisposeAsync();

        var record = (await _store.ListAsync(new() { Purpose = "shadow" })).Traces.Single();
        Assert.That((record.IsIncomplete, record.Status, record.Cost), Is.EqualTo((true, CallStatus.Open, (decimal?)null)));
        Assert.That(recorder.TryAnswer(asked), Is.False, "an answer that comes now is nobody's");
    }

    [Test]
    public async Task Sampling_AChildThatComesBeforeItsCall_WaitsForIt([Values] bool isCallBad)
    {
        await using var recorder = Recorder(options => options.KeepShare = 0, new ManualTimeProvider());
        var call = Call();
        var child = Ask(recorder, call.Child("judge").Call!);
        recorder.TryAnswer(child);
        child.Status = CallStatus.Failed;
        recorder.End(child);
        await recorder.DrainAsync(CancellationToken.None);
        Assert.That(_store.Count, Is.Zero, "whether its trace is kept is not known");

        var recording = recorder.Begin(call)!;
        recording.Status = isCallBad ? CallStatus.Failed : CallStatus.Completed;
        recorder.End(recording);
        call.Close(recording.Status);
        await recorder.DrainAsync(CancellationToken.None);

        Assert.That(_store.Count, Is.EqualTo(isCallBad ? 2 : 0));
    }

    private static CallRecording Ask(CallRecorder recorder, LlmCall child)
    {
        var asked = recorder.Begin(child)!;
        asked.Request = child.CountRequest();
        recorder.Asked(asked);
        return asked;
    }

    private static LlmCall Call() => new(CallSetup.Alone("test", null, null), default, isStreaming: false);

    private static Task EndAsync(CallRecorder recorder, CallStatus status, System.Diagnostics.Activity span)
    {
        var call = Call();
        var recording = recorder.Begin(call)!;
        (recording.Status, recording.Span) = (status, span);
        recorder.End(recording);
        call.Close(status);
        return recorder.DrainAsync(CancellationToken.None);
    }

    private CallRecorder Recorder(Action<TraceStoreOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new TraceStoreOptions { Content = true };
        configure?.Invoke(options);
        return new(_store, options, time ?? TimeProvider.System, NullLogger.Instance);
    }
}
