using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>One enumeration: opens the stream with retries, then passes it on and watches its pauses.</summary>
/// <remarks>The clock runs only while a move is pending, so a slow reader is not taken for a slow model. Nothing is allocated for an update that is there already.</remarks>
internal sealed class ResilientStreamEnumerator(OpeningRun opening, TimeSpan? pauseLimit) : IAsyncEnumerator<ChatResponseUpdate>
{
    private List<ChatResponseUpdate>? _held;
    private AttemptGuard? _guard;
    private StreamReader<ChatResponseUpdate>? _reader;
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
            if (!move.IsCompletedSuccessfully || !move.Result)
                return FinishMoveAsync(move);
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
        if (_reader is not { } reader)
            return;
        _reader = null;
        await reader.DisposeAsync().ConfigureAwait(false);
    }

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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FinishMoveAsync(ValueTask<bool> move)
    {
        var guard = _guard!;
        try
        {
            if (pauseLimit is { } limit && !move.IsCompleted)
                guard.Start(TimeLimit.BetweenUpdates, limit, limit);
            if (await move.ConfigureAwait(false))
            {
                guard.Stop();
                _current = _reader!.Current;
                return true;
            }

            guard.Stop();
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
