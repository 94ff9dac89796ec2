using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>One enumeration: opens the stream with retries, then passes it on and watches its pauses.</summary>
/// <remarks>
/// The clock runs only while a move is pending, so a slow reader is not taken for a slow model. It is its own task for a pending move:
/// nothing is allocated for an update, and no state machine goes round for one that comes later.
/// </remarks>
internal sealed class ResilientStreamEnumerator(OpeningRun opening, TimeSpan? pauseLimit, EitherToken token) : IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private ValueTask<bool> _move;
    private Action? _moved;
    private List<ChatResponseUpdate>? _held;
    private AttemptGuard? _guard;
    private IAsyncEnumerator<ChatResponseUpdate>? _reader;
    private ChatResponseUpdate? _current;
    private int _shown;
    private bool _done;

    /// <summary>The backstop for a stream that nobody disposed of: a probe's permit goes back when it is collected.</summary>
    ~ResilientStreamEnumerator() => _guard?.Lose();

    public ChatResponseUpdate Current => _current!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_done)
            return new(false);
        if (_held is null)
            return OpenAsync();
        if (_shown < _held.Count)
            return new(ShowHeld());
        if (_reader is null)
            return new(Finish());
        try
        {
            var move = _reader.MoveNextAsync();
            if (!move.IsCompleted)
                return Pending(move);
            if (!move.IsCompletedSuccessfully)
                return EndAsync(move);
            // A pending move may be asked for its result but once.
            if (!move.Result)
                return EndAsync(new(false));
        }
        catch (Exception exception)
        {
            return FailAsync(exception);
        }

        _current = _reader.Current;
        return new(true);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _done = true;
        TakeGuard()?.Leave();
        using var _ = token;
        if (_reader is not { } reader)
            return;
        _reader = null;
        await reader.DisposeAsync().ConfigureAwait(false);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private async ValueTask<bool> OpenAsync()
    {
        try
        {
            (_guard, _reader, _held) = await opening.RunAsync().ConfigureAwait(false);
        }
        catch
        {
            _done = true;
            throw;
        }

        return _held.Count > 0 ? ShowHeld() : Finish();
    }

    private bool ShowHeld()
    {
        _current = _held![_shown++];
        return true;
    }

    private bool Finish()
    {
        _done = true;
        TakeGuard()!.Succeed();
        return false;
    }

    private ValueTask<bool> Pending(ValueTask<bool> move)
    {
        _core.Reset();
        _move = move;
        if (pauseLimit is { } limit)
            _guard!.Start(TimeLimit.BetweenUpdates, limit, limit, opening.Now);
        move.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_moved ??= OnMoved);
        return new(this, _core.Version);
    }

    private void OnMoved()
    {
        _guard?.Stop();
        if (!_move.IsCompletedSuccessfully)
        {
            _ = TellEndAsync(_move);
        }
        else if (!_move.Result)
        {
            _ = TellEndAsync(new(false));
        }
        else
        {
            _current = _reader!.Current;
            _core.SetResult(true);
        }
    }

    private async Task TellEndAsync(ValueTask<bool> move)
    {
        try
        {
            _core.SetResult(await EndAsync(move).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            _core.SetException(exception);
        }
    }

    /// <summary>Ends the stream with the move that said so, or that failed.</summary>
    private async ValueTask<bool> EndAsync(ValueTask<bool> move)
    {
        try
        {
            await move.ConfigureAwait(false);
            await _reader!.DisposeAsync().ConfigureAwait(false);
            _reader = null;
        }
        catch (Exception exception)
        {
            return await FailAsync(exception).ConfigureAwait(false);
        }

        return Finish();
    }

    /// <summary>Ends the stream with what went wrong after its first content: shown text cannot be taken back, so nothing is tried again.</summary>
    private async ValueTask<bool> FailAsync(Exception exception)
    {
        _done = true;
        var outcome = TakeGuard()!.Fail(exception);
        opening.NoteBreak(outcome);
        if (_reader is { } reader)
        {
            _reader = null;
            await OpeningRun.LeaveAsync(reader).ConfigureAwait(false);
        }

        ExceptionDispatchInfo.Throw(outcome);
        return false;
    }

    /// <summary>Takes the guard to end it. It serves other attempts afterwards, so that it must not be touched again.</summary>
    private AttemptGuard? TakeGuard()
    {
        var guard = _guard;
        _guard = null;
        return guard;
    }
}
