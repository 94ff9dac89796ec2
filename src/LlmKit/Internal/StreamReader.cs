using System.Threading.Tasks.Sources;

namespace LlmKit.Internal;

/// <summary>Reads a stream that may be deaf to its token, and leaves it safely whatever it is doing.</summary>
/// <remarks>
/// The one place that knows the rule: never dispose of a stream while a move is pending. <see cref="MoveNextAsync"/> ends when the move
/// does or when the token is cancelled, whichever is first; <see cref="DisposeAsync"/> waits a bounded time for a pending move, and when
/// the stream stays deaf leaves its disposal to the moment the move ends. One reader at a time; nothing is allocated per update.
/// </remarks>
internal sealed class StreamReader<T> : IAsyncEnumerator<T>, IValueTaskSource<bool>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly IAsyncEnumerator<T> _inner;
    private readonly CancellationToken _token;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _registration;
    private readonly Action _moved;
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = false };
    private ValueTask<bool> _move;
    private TaskCompletionSource? _idle;
    private bool _pending;
    private bool _waiting;
    private TaskCompletionSource? _left;

    public StreamReader(IAsyncEnumerable<T> stream, TimeProvider time, CancellationToken token)
    {
        _token = token;
        _time = time;
        _inner = stream.GetAsyncEnumerator(token);
        _moved = OnMoved;
        _registration = token.UnsafeRegister(static reader => ((StreamReader<T>)reader!).OnCancelled(), this);
    }

    public T Current => _inner.Current;

    /// <summary>Moves on. A failure is always the task's: whoever begins a move and looks elsewhere first need not watch for one here.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        var move = Begin();
        if (move.IsCompleted)
            return move.IsCompletedSuccessfully ? new(move.Result) : move;
        lock (_lock)
        {
            _core.Reset();
            _move = move;
            _pending = true;
            _waiting = true;
        }

        move.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_moved);
        if (_token.IsCancellationRequested)
            OnCancelled();
        return new(this, _core.Version);
    }

    private ValueTask<bool> Begin()
    {
        try
        {
            _token.ThrowIfCancellationRequested();
            return _inner.MoveNextAsync();
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<bool>(exception);
        }
    }

    /// <summary>Leaves the stream. Whoever asks again waits until it is left.</summary>
    public ValueTask DisposeAsync()
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            if (_left is not null)
                return new(_left.Task);
            _left = left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return LeaveAsync(left);
    }

    private async ValueTask LeaveAsync(TaskCompletionSource left)
    {
        try
        {
            await _registration.DisposeAsync().ConfigureAwait(false);
            if (PendingMove() is { } idle && !await EndsInTimeAsync(idle).ConfigureAwait(false))
            {
                _ = DisposeLaterAsync(idle);
                EndWaiting();
                return;
            }

            await _inner.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            left.SetResult();
        }
    }

    private Task? PendingMove()
    {
        lock (_lock)
            return _pending ? (_idle = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : null;
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private async Task<bool> EndsInTimeAsync(Task idle)
    {
        try
        {
            await idle.WaitAsync(Patience, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task DisposeLaterAsync(Task idle)
    {
        await idle.ConfigureAwait(false);
        try
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Nobody waits for a stream that was left while it was deaf: its own failure has no reader.
        }
    }

    private void OnMoved()
    {
        var (result, error) = Result();
        TaskCompletionSource? idle;
        bool tell;
        lock (_lock)
        {
            _pending = false;
            tell = _waiting;
            _waiting = false;
            idle = _idle;
        }

        idle?.TrySetResult();
        if (!tell)
            return;
        if (error is null)
            _core.SetResult(result);
        else
            _core.SetException(error);
    }

    private (bool Result, Exception? Error) Result()
    {
        try
        {
            return (_move.GetAwaiter().GetResult(), null);
        }
        catch (Exception exception)
        {
            return (false, exception);
        }
    }

    private void OnCancelled() => EndWaiting();

    /// <summary>Ends a pending move for the one who waits for it, while the stream itself may go on.</summary>
    private void EndWaiting()
    {
        lock (_lock)
        {
            if (!_waiting)
                return;
            _waiting = false;
        }

        _core.SetException(new OperationCanceledException(_token));
    }
}
