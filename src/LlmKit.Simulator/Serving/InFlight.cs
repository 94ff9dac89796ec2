namespace LlmKit.Simulator.Serving;

/// <summary>Counts the requests that are being served, and says when there are none.</summary>
internal sealed class InFlight
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _idle;

    public void Enter()
    {
        lock (_gate)
            _count++;
    }

    public void Leave()
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (--_count == 0)
                (idle, _idle) = (_idle, null);
        }

        idle?.SetResult();
    }

    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_count == 0)
                return Task.CompletedTask;

            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
