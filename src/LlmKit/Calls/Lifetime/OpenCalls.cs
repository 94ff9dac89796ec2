namespace LlmKit.Calls;

/// <summary>Counts the calls of an application that have not ended and settled, so that its host can wait for them. Thread-safe.</summary>
internal sealed class OpenCalls
{
    private int _count;
    private TaskCompletionSource? _none;

    public int Count => Volatile.Read(ref _count);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            Volatile.Read(ref _none)?.TrySetResult();
    }

    /// <summary>Waits until no call is open.</summary>
    public Task WhenNone()
    {
        var none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _none, none);
        if (Count == 0)
            none.TrySetResult();
        return none.Task;
    }
}
