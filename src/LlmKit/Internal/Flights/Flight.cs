using LlmKit.Calls;

namespace LlmKit.Internal.Flights;

/// <summary>One request on its way to an answer, for the call that began it and for all that repeat it meanwhile.</summary>
/// <remarks>
/// Thread-safe. It runs under the call that began it, with a token of its own: whoever leaves, leaves the others their answer, and when
/// the last has left it is cancelled. <see cref="FlyAsync"/> runs once and never throws.
/// </remarks>
internal abstract class Flight(FlightRequest request, Action<Flight> onEnded) : IDisposable
{
    private readonly SharedWork _work = request.Call.Share();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<FlightEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _waiting = 1;
    private bool _isJoined;
    private bool _isClosed;
    private bool _isLeft;

    public FlightRequest Request => request;

    /// <summary>Gets a task that ends, always well, with how the flight ended.</summary>
    public Task<FlightEnd> End => _end.Task;

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

    /// <summary>Gives the call that begins its place.</summary>
    public Passenger Begin() => new(this, request.Call, began: true, Log?.TryEnter(readsWhole: false));

    /// <summary>Lets another call wait for the answer too.</summary>
    /// <param name="call">The call.</param>
    /// <param name="streaming">Whether it takes the answer in updates.</param>
    /// <returns><see langword="null"/> when everybody has left already, or the beginning of the answer is gone.</returns>
    public Passenger? TryJoin(LlmCall call, bool streaming)
    {
        lock (_lock)
        {
            if (_isLeft || _isClosed)
                return null;
            var reader = Log?.TryEnter(readsWhole: !streaming);
            if (Log is not null && reader is null)
                return null;
            _work.Extend(call.Remaining);
            _waiting++;
            _isJoined = true;
            return new(this, call, began: false, reader);
        }
    }

    /// <summary>Finds out how the request ended before, or carries it out.</summary>
    public async Task FlyAsync()
    {
        var end = await EndAsync().ConfigureAwait(false);
        _work.End();
        // What is not remembered is nobody's from here on; what is remembered is found here until it is found there.
        if (!request.IsRemembered || end.WhyNotKept is not null)
            onEnded(this);
        Log?.Complete();
        request.Ended();
        try
        {
            var remembering = request.RememberAsync(end, IsLeft);
            _end.SetResult(end);
            await remembering.ConfigureAwait(false);
        }
        finally
        {
            _end.TrySetResult(end);
            onEnded(this);
        }
    }

    /// <summary>Takes leave for one of the calls.</summary>
    public async ValueTask LeaveAsync(LlmCall call)
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

    /// <summary>Asks the client further in.</summary>
    protected abstract ValueTask<FlightEnd> AskAsync(CancellationToken cancellationToken);

    /// <summary>Lets nobody join any more, unless the answer is remembered and taken down anyway.</summary>
    /// <returns>Whether the answer must be taken down: somebody else wants it.</returns>
    protected bool IsWanted()
    {
        lock (_lock)
        {
            _isClosed = !request.IsRemembered;
            return request.IsRemembered || _isJoined;
        }
    }

    private async ValueTask<FlightEnd> EndAsync()
    {
        try
        {
            return await request.FindAsync(_cancel.Token).ConfigureAwait(false) ?? await AskAsync(_cancel.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return FlightEnd.Failed(exception);
        }
    }
}
