using System.Diagnostics;
using System.Runtime.CompilerServices;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>One enumeration of an observed stream: its span starts with the first move and ends exactly once.</summary>
/// <remarks>Nothing is kept of the updates unless content is recorded, and nothing is allocated per update.</remarks>
internal sealed class TracedStreamEnumerator(TracedStream stream, CancellationToken enumeration) : IAsyncEnumerator<ChatResponseUpdate>
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Ended = 2;

    private readonly ChatObserver _observer = stream.Observer;
    private readonly LlmCall _call = stream.Call;
    private ChatObservation _observation;
    private IAsyncEnumerator<ChatResponseUpdate>? _inner;
    private ExecutionContext? _context;
    private List<ChatResponseUpdate>? _updates;
    private MetricTags? _chunkTags;
    private TimeSpan _moving;
    private TimeSpan? _firstChunk;
    private long _asked;
    private bool _timed;
    private bool _silent;
    private int _state;

    /// <summary>The backstop for a stream that nobody disposed of: its span would never be exported.</summary>
    ~TracedStreamEnumerator()
    {
        if (_state == Running)
            ThreadPool.UnsafeQueueUserWorkItem(static enumerator => enumerator.End(ChatOutcome.Abandoned), this, preferLocal: false);
    }

    public ChatResponseUpdate Current => _inner!.Current;

    private bool IsCancelled => stream.IsCancelled || enumeration.IsCancellationRequested;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_silent)
            return _inner!.MoveNextAsync();
        if (_state == Ended)
            return new(false);
        ValueTask<bool> move;
        try
        {
            if (_state == Idle)
                Start();
            if (_timed)
                _asked = _call.Time.GetTimestamp();
            move = Move();
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }

        if (!move.IsCompletedSuccessfully)
            return FinishMoveAsync(move);
        return new(Take(move.Result));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_inner is not null)
                await _inner.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            End(ChatOutcome.Abandoned);
            GC.SuppressFinalize(this);
        }
    }

    private void Start()
    {
        if (!_call.TryReport(stream.Tracer))
        {
            _silent = true;
            return;
        }

        _state = Running;
        _timed = _observer.Instruments.StreamEnabled;
        var callers = ExecutionContext.Capture();
        var current = Activity.Current;
        stream.Observe(out _observation);
        // The span is current for what runs below and never for the reader, who may start spans of its own between two updates.
        if (_observation.Span is not null)
            _context = ExecutionContext.Capture();
        if (callers is not null)
            ExecutionContext.Restore(callers);
        else
            Activity.Current = current;
    }

    private ValueTask<bool> Move()
    {
        if (_context is null || ExecutionContext.Capture() is not { } callers)
            return (_inner ??= Open()).MoveNextAsync();
        ExecutionContext.Restore(_context);
        try
        {
            return (_inner ??= Open()).MoveNextAsync();
        }
        finally
        {
            ExecutionContext.Restore(callers);
        }
    }

    private IAsyncEnumerator<ChatResponseUpdate> Open() => stream.Open().GetAsyncEnumerator(enumeration);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FinishMoveAsync(ValueTask<bool> move)
    {
        bool moved;
        try
        {
            moved = await move.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }

        return Take(moved);
    }

    private bool Take(bool moved)
    {
        if (_silent)
            return moved;
        var wait = _timed ? _call.Time.GetElapsedTime(_asked) : TimeSpan.Zero;
        _moving += wait;
        if (!moved)
        {
            End(ChatOutcome.Completed);
            return false;
        }

        try
        {
            Note(_inner!.Current, wait);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A listener of somebody's threw: updates are not timed any more, the stream goes on.
            _timed = false;
            TracingLog.Failed(_call.Setup.Logger, _call.Pipeline, exception.GetType().Name);
        }

        return true;
    }

    private void Note(ChatResponseUpdate update, TimeSpan wait)
    {
        _observation.Answer.Observe(update);
        if (_observation.WantsContent)
            (_updates ??= []).Add(update);
        if (_firstChunk is null)
            NoteFirst();
        else if (_timed)
            _observation.Instruments.RecordChunk(wait, _chunkTags!);
    }

    private void NoteFirst()
    {
        _firstChunk = _observation.Elapsed();
        if (!_timed)
            return;
        _chunkTags = _observation.MetricTags();
        _observation.Instruments.RecordFirstChunk(_firstChunk.Value, _chunkTags);
    }

    private void Fail(Exception exception)
    {
        if (_timed && _asked != 0)
            _moving += _call.Time.GetElapsedTime(_asked);
        End(ChatOutcome.From(exception, _call, IsCancelled));
    }

    private void End(in ChatOutcome outcome)
    {
        if (_silent || Interlocked.CompareExchange(ref _state, Ended, Running) != Running)
            return;
        _observation.End(outcome, _timed ? _moving : null, _firstChunk, updates: _updates);
    }
}
