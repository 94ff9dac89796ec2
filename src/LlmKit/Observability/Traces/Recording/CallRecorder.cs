using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using LlmKit.Calls;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Traces;

/// <summary>Takes calls over from their own threads and brings them to the store from one of its own.</summary>
/// <remarks>
/// Thread-safe. A call waits for nothing: where the store is slower than the calls, first the texts of new records are left out and then whole records, both
/// counted. A call whose attempts are not all settled, such as the loser of a race, waits here for them.
/// </remarks>
internal sealed partial class CallRecorder : ICallRecorder, IFeedbackListener, IAnsweredCalls, IAsyncDisposable, IDisposable
{
    private const int MostPerBatch = 256;
    private const int MostSpare = 64;
    private static readonly TimeSpan MostUnsettled = TimeSpan.FromHours(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);
    private static readonly object Sweep = new();
    private static readonly TimeSpan MostClosing = TimeSpan.FromSeconds(10);

    private readonly ITraceStore _store;
    private readonly TraceStoreOptions _options;
    private readonly TraceSampling _sampling;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<object> _queue = Channel.CreateUnbounded<object>(new() { SingleReader = true });
    private readonly ConcurrentBag<CallRecording> _spare = [];
    private readonly ConcurrentDictionary<CallRecording, bool> _waiting = new();
    private readonly ConcurrentDictionary<CallRecording, bool> _unanswered = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TraceClaims _claims = new();
    private readonly List<SpanTaken> _undecided = [];
    private readonly Dictionary<string, IReadOnlyList<TraceScore>> _unsettled = new(StringComparer.Ordinal);
    private readonly SpanFacts _facts;
    private readonly Task _writing;
    private ITimer? _sweep;
    private long _bytes;
    private int _count;
    private int _isClosed;

    public CallRecorder(ITraceStore store, TraceStoreOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _options = options;
        _sampling = new(options);
        _facts = new(options.KeepContent);
        _time = time;
        _logger = logger;
        // The writer is nobody's: it must not carry the context of the call that happened to be the first.
        using (ExecutionContext.IsFlowSuppressed() ? (IDisposable?)null : ExecutionContext.SuppressFlow())
            _writing = WriteAsync();
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        if (options.KeepShare < 1)
            BeginSweeps();
    }

    /// <summary>Gets or sets what brings spans here; it ends with the recorder.</summary>
    public IDisposable? Spans { get; set; }

    public CallRecording? Begin(LlmCall call)
    {
        if (Volatile.Read(ref _count) >= _options.MaxQueued || Volatile.Read(ref _isClosed) != 0)
        {
            TraceTelemetry.Dropped("queue_full");
            return null;
        }

        Interlocked.Increment(ref _count);
        var recording = _spare.TryTake(out var spare) ? spare : new();
        recording.Call = call;
        recording.WantsContent = _options.KeepContent && HasRoom();
        return recording;
    }

    public void Asked(CallRecording recording)
    {
        Count(recording);
        if (recording.Request > 0)
            _unanswered[recording] = true;
    }

    public bool TryAnswer(CallRecording recording) => _unanswered.TryRemove(recording, out _);

    public void End(CallRecording recording)
    {
        Count(recording);
        _claims.Claim(recording.Span);
        if (!_queue.Writer.TryWrite(recording))
            TraceTelemetry.Dropped("closed");
    }

    public void Know(Func<string, string>? redact) => _facts.Know(redact);

    /// <summary>Adds records that something else than a call made, such as a span.</summary>
    public void Add(TraceRecord record, Activity span, long bytes = 0)
    {
        if (Volatile.Read(ref _count) >= _options.MaxQueued || Interlocked.Read(ref _bytes) >= _options.MaxQueuedBytes)
        {
            TraceTelemetry.Dropped("queue_full");
            return;
        }

        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, bytes);
        if (!_queue.Writer.TryWrite(new SpanTaken(record, span, _time.GetUtcNow(), bytes)))
            TraceTelemetry.Dropped("closed");
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Spans?.Dispose();
        _sweep?.Dispose();
        _queue.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(MostClosing, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            TraceTelemetry.Dropped("closed");
        }

        _claims.Dispose();
        await _closing.CancelAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>A process without a host, or one that does not dispose of its services, keeps its last records all the same.</summary>
    private void OnExit(object? sender, EventArgs args) => Dispose();

    private bool HasRoom()
    {
        if (Interlocked.Read(ref _bytes) < _options.MaxQueuedBytes)
            return true;
        TraceTelemetry.Dropped("content");
        return false;
    }

    private async Task WriteAsync()
    {
        var batch = new List<TraceRecord>();
        var marks = new List<Question>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                TakeSome(batch, marks);
                await SaveAsync(batch).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whatever a listener or a logger of the application's does, the writer goes on.
                batch.Clear();
            }

            foreach (var mark in marks)
                mark.TrySetResult();
            marks.Clear();
        }

        foreach (var left in _waiting.Keys)
            Assemble(left, batch, isIncomplete: true);
        // Nobody waits for a shadow check: what it was asked is here, and its answer never comes.
        foreach (var left in _unanswered.Keys.Where(TryAnswer))
        {
            left.Duration = _time.GetUtcNow() - left.StartedAt;
            Assemble(left, batch, isIncomplete: true);
        }

        foreach (var span in _undecided)
            Take(span, _claims.Owns(span.Span) ?? TraceClaims.IsNobodys(span.Span), batch);
        _sampling.TakeAll(batch);
        await SaveAsync(batch).ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
    }

    private void TakeSome(List<TraceRecord> batch, List<Question> marks)
    {
        while (batch.Count < MostPerBatch && _queue.Reader.TryRead(out var item))
        {
            if (item is Question mark)
                marks.Add(mark);
            Take(item, batch);
        }

        _undecided.RemoveAll(span => TryTake(span, batch));
        _sampling.TakeEnded(batch, _time.GetUtcNow());
    }

    private void Take(object item, List<TraceRecord> batch)
    {
        if (item is CallRecording told && _options.Sources.Count > 0)
            SpanFacts.Cover(told.Span);
        switch (item)
        {
            case CallRecording recording when !Waits(recording):
                Assemble(recording, batch, isIncomplete: recording.Status == CallStatus.Open);
                break;
            case Question question:
                question.Answer();
                break;
            case GivenUp late:
                Assemble(late.Recording, batch, isIncomplete: true);
                break;
            case SpanTaken span when !TryTake(span, batch):
                _undecided.Add(span);
                BeginSweeps();
                break;
        }
    }

    /// <summary>Takes a span when it is known whether it belongs here, at the latest when its request seems never to end.</summary>
    private bool TryTake(SpanTaken span, List<TraceRecord> batch)
    {
        var isOurs = _claims.Owns(span.Span);
        if (isOurs is null && _time.GetUtcNow() - span.At < _options.RootTimeout)
            return false;
        Take(span, isOurs ?? TraceClaims.IsNobodys(span.Span), batch);
        return true;
    }

    private void Take(SpanTaken span, bool isOurs, List<TraceRecord> batch)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -span.Bytes);
        if (isOurs)
            _sampling.Take(_facts.AddTo(span.Record, span.Span), span.Span, batch, _time.GetUtcNow());
    }

    /// <summary>Looks again every second: what waits for the end of its root must not wait for the next call.</summary>
    private void BeginSweeps()
    {
        _sweep ??= _time.CreateTimer(static recorder => ((CallRecorder)recorder!)._queue.Writer.TryWrite(Sweep), this, SweepEvery, SweepEvery);
        if (Volatile.Read(ref _isClosed) != 0)
            _sweep.Dispose();
    }

    /// <summary>Lets a recording come again when its call has closed, and again when the attempts that others overtook are settled.</summary>
    private bool Waits(CallRecording recording)
    {
        var call = recording.Call;
        // A request alone has ended with its attempt, and nothing closes a call that serves another.
        var isClosed = call.IsClosed || call.Parent is not null;
        if (recording.Request > 0 || (isClosed && call.PendingAttempts == 0))
            return false;
        _waiting[recording] = true;
        _unsettled.TryAdd(recording.Call.Id, []);
        if (isClosed)
            _ = ComeAgainAsync(recording);
        else
            call.WhenClosed(_ => ComeAgain(recording, recording));
        return true;
    }

    private async Task ComeAgainAsync(CallRecording recording)
    {
        try
        {
            await recording.Call.WhenSettled.WaitAsync(MostUnsettled, _time, _closing.Token).ConfigureAwait(false);
            ComeAgain(recording, recording);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            ComeAgain(recording, new GivenUp(recording));
        }
    }

    /// <summary>Brings a recording back once: a call that closes just now may say so twice.</summary>
    private void ComeAgain(CallRecording recording, object item)
    {
        // What comes when the writer is about to end waits for its last round.
        if (_waiting.TryRemove(recording, out _) && !_queue.Writer.TryWrite(item))
            _waiting[recording] = true;
    }

    /// <summary>Counts the bytes of a recording that were not counted yet.</summary>
    private void Count(CallRecording recording)
    {
        Interlocked.Add(ref _bytes, recording.Length - recording.Counted);
        recording.Counted = recording.Length;
    }

    private void Assemble(CallRecording recording, List<TraceRecord> batch, bool isIncomplete)
    {
        _unsettled.Remove(recording.Call.Id, out var said);
        try
        {
            var record = TraceAssembler.Assemble(recording, isIncomplete) with { Scores = said ?? [] };
            _sampling.Take(record, recording.Span, batch, _time.GetUtcNow());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TraceTelemetry.Failed(_logger, "assemble", exception.GetType().Name);
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -recording.Counted);
        recording.Reset();
        if (_spare.Count < MostSpare)
            _spare.Add(recording);
    }

    private async Task SaveAsync(List<TraceRecord> batch)
    {
        if (batch.Count == 0)
            return;
        try
        {
            await _store.AddAsync([.. batch]).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TraceTelemetry.Failed(_logger, "add", exception.GetType().Name);
            TraceTelemetry.Dropped("store_failed", batch.Count);
        }

        batch.Clear();
    }

    private async Task FlushAsync()
    {
        try
        {
            await _store.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TraceTelemetry.Failed(_logger, "flush", exception.GetType().Name);
        }
    }

    /// <summary>A recording whose attempts did not settle in time.</summary>
    private sealed record GivenUp(CallRecording Recording);

    private sealed record SpanTaken(TraceRecord Record, Activity Span, DateTimeOffset At, long Bytes);
}
