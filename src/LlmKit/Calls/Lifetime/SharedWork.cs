namespace LlmKit.Calls;

/// <summary>The work of one call that other calls wait for too: it goes on when its own caller has left, as long as the most patient of them.</summary>
/// <remarks>Thread-safe. Only calls that may see each other's answers share their work: who began it has reserved and pays for it.</remarks>
internal sealed class SharedWork(LlmCall call, SharedWork? outer)
{
    private readonly Lock _lock = new();
    private TimeSpan? _limit = call.TimeLimit;
    private TaskCompletionSource? _over;
    private volatile bool _isOver;

    /// <summary>Gets this work, or the work around it when this has ended, such as that of a pipeline around the one that shared it.</summary>
    public SharedWork? GoingOn => _isOver ? outer?.GoingOn : this;

    /// <summary>Gets what remains for the work, 0 when its time has passed; <see langword="null"/> for no limit.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            TimeSpan? own;
            lock (_lock)
                own = LlmCall.Left(_limit, call.Age);
            return outer?.GoingOn is { } around ? Longer(own, around.Remaining) : own;
        }
    }

    /// <summary>Lets the work take as long as another call may wait for it.</summary>
    public void Extend(TimeSpan? remaining)
    {
        lock (_lock)
            _limit = Longer(_limit, From(remaining));
    }

    /// <summary>Leaves the work what remains for the last call that waits for it.</summary>
    public void Limit(TimeSpan? remaining)
    {
        lock (_lock)
            _limit = From(remaining);
    }

    /// <summary>Gets a task that ends with the work.</summary>
    public Task WhenOver
    {
        get
        {
            lock (_lock)
                return _isOver ? Task.CompletedTask : (_over ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Ends the work. What still runs below belongs to the call as it stands.</summary>
    public void End()
    {
        TaskCompletionSource? over;
        lock (_lock)
        {
            _isOver = true;
            over = _over;
        }

        over?.TrySetResult();
    }

    /// <summary>No limit is the longest.</summary>
    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is { } first && other is { } second ? (first > second ? first : second) : null;

    private TimeSpan? From(TimeSpan? remaining) => call.Age is var age && remaining is { } left && left < TimeSpan.MaxValue - age ? age + left : null;
}
