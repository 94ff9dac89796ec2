using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>One request on its way to an answer, for the call that began it and for all that repeat it meanwhile.</summary>
/// <remarks>
/// Thread-safe. It runs under the call that began it, with a token of its own: whoever leaves, leaves the others their answer, and when
/// the last has left it is cancelled. <see cref="FlyAsync"/> runs once and never throws.
/// </remarks>
internal abstract class Flight(SharedRequest request, GuardedStore store, Action<Flight> onEnded) : IDisposable
{
    private readonly SharedWork _work = request.Call.Share();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _lookedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FlightEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _waiting = 1;
    private bool _isLeft;

    public SharedRequest Request => request;

    /// <summary>Gets a task that ends when it is known whether the request is the one that the key belongs to.</summary>
    public Task LookedUp => _lookedUp.Task;

    /// <summary>Gets the updates as they come; <see langword="null"/> where the answer comes whole.</summary>
    protected virtual AnswerLog? Log => null;

    private bool IsLeft
    {
        get
        {
            lock (_lock)
                return _isLeft;
        }
    }

    /// <summary>Takes a flight back that has not begun. One that has ends by itself; its token source holds nothing, and a deaf upstream may still look at it.</summary>
    public void Dispose() => _work.End();

    /// <summary>Lets another call wait for the answer too.</summary>
    /// <returns><see langword="false"/> when everybody has left already.</returns>
    public bool TryJoin(LlmCall call)
    {
        lock (_lock)
        {
            if (_isLeft)
                return false;
            _work.Extend(call.Remaining);
            _waiting++;
            return true;
        }
    }

    /// <summary>Finds out how the request ended before, or carries it out.</summary>
    public async Task FlyAsync()
    {
        var end = await EndAsync().ConfigureAwait(false);
        _work.End();
        // What is not kept is nobody's from here on; what is kept is found here until it is found in the store.
        if (!request.IsKeyed || end.WhyNotKept is not null)
            onEnded(this);
        Log?.Complete();
        _lookedUp.TrySetResult();
        try
        {
            var keeping = KeepAsync(end);
            _end.SetResult(end);
            await keeping.ConfigureAwait(false);
        }
        finally
        {
            _end.TrySetResult(end);
            onEnded(this);
        }
    }

    /// <summary>Waits for the answer, for one of the calls.</summary>
    /// <returns><see langword="null"/> for a call that must ask itself: the one that began was refused what this one may be allowed.</returns>
    public async ValueTask<ChatResponse?> AnswerAsync(LlmCall call, CancellationToken cancellationToken)
    {
        try
        {
            var began = Enter(call);
            var end = await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return !began && end.IsRefusal ? null : end.ToResponse(call, began);
        }
        finally
        {
            await LeaveAsync(call).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the answer from its beginning, for one of the calls. Nothing at all comes for a call that must ask itself.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(LlmCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = 0;
        try
        {
            var began = Enter(call);
            for (; Log is not null && await Log.HasAsync(read, cancellationToken).ConfigureAwait(false); read++)
                yield return began ? Log.Original(read) : Log.Copy(read);
            var end = await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            // Who has shown something must not begin anew.
            if (read == 0 && MustAskItself(call))
                yield break;
            end.ThrowIfFailed(began);
            if (read > 0 && !began)
                end.Adopt(call);
            foreach (var update in read > 0 ? [] : end.ToUpdates(call))
                yield return update;
        }
        finally
        {
            await LeaveAsync(call).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the flight ended with a refusal that concerns only the call which began it: its limits are not another call's.</summary>
    public bool MustAskItself(LlmCall call) => call != request.Call && _end.Task is { IsCompletedSuccessfully: true, Result.IsRefusal: true };

    /// <summary>Asks the client further in.</summary>
    protected abstract ValueTask<FlightEnd> AskAsync(CancellationToken cancellationToken);

    /// <summary>Notes a call that has joined.</summary>
    /// <returns>Whether it is the one that began.</returns>
    private bool Enter(LlmCall call)
    {
        if (call == request.Call)
            return true;
        IdempotencyTelemetry.Decide(call, request.IsKeyed ? IdempotencyStep.Joined : IdempotencyStep.Coalesced);
        return false;
    }

    private async ValueTask<FlightEnd> EndAsync()
    {
        try
        {
            if (!request.IsKeyed)
                return await AskAsync(_cancel.Token).ConfigureAwait(false);
            if (await store.FindAsync(request, _cancel.Token).ConfigureAwait(false) is { } record && Known(record) is { } known)
                return known;
            _lookedUp.TrySetResult();
            IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.Began);
            return await AskAsync(_cancel.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return FlightEnd.Failed(exception);
        }
    }

    /// <summary>Gives how the request ended before; <see langword="null"/> when nobody can tell whether it was this one.</summary>
    private FlightEnd? Known(IdempotencyRecord record)
    {
        switch (record.Request.IsOf(request.Fingerprint))
        {
            case null:
                IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.NotEvaluated, "another process removed something from the request");
                return null;
            case false:
                IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.Conflict);
                return FlightEnd.Conflicting();
            default:
                IdempotencyTelemetry.Decide(request.Call, record.Failure is null ? IdempotencyStep.Replayed : IdempotencyStep.FailedBefore);
                return FlightEnd.Known(record);
        }
    }

    private async ValueTask KeepAsync(FlightEnd end)
    {
        if (!request.IsKeyed || end.IsKnown || end.IsConflict)
            return;
        // Under the key of a flight that everybody has left, another may have begun meanwhile.
        if ((IsLeft ? "everybody had left" : end.WhyNotKept) is { } reason)
            IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.NotRemembered, reason);
        else
            await store.SaveAsync(request, new(request.Fingerprint, end.Answer, end.Permanent)).ConfigureAwait(false);
    }

    private async ValueTask LeaveAsync(LlmCall call)
    {
        lock (_lock)
        {
            if (--_waiting > 0 || _end.Task.IsCompleted)
                return;
            _isLeft = true;
            _work.Limit(call.OwnRemaining);
        }

        onEnded(this);
        await _cancel.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What runs below settles while its call is still open, unless it is deaf: then nothing more is begun for it.
        await TaskRace.EndsInTimeAsync(_end.Task, request.Call.Time).ConfigureAwait(false);
        _work.End();
    }
}
