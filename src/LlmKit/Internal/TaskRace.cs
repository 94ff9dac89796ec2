namespace LlmKit.Internal;

/// <summary>Waits for a task that may be deaf to its token.</summary>
internal static class TaskRace
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Gives the task's result, or a cancellation as soon as the token is cancelled. A task that was left behind may still fail unheard.</summary>
    public static Task<T> OrCancelled<T>(this Task<T> task, CancellationToken cancellationToken) =>
        task.IsCompleted || !cancellationToken.CanBeCanceled ? task : RaceAsync(task, time: null, cancellationToken);

    /// <summary>Gives the task's result, or a cancellation: a bounded time after the token is cancelled, so that what runs inside may end and settle first.</summary>
    public static ValueTask<T> OrLeft<T>(this ValueTask<T> task, TimeProvider time, CancellationToken cancellationToken) =>
        task.IsCompleted || !cancellationToken.CanBeCanceled ? task : new(RaceAsync(task.AsTask(), time, cancellationToken));

    private static async Task<T> RaceAsync<T>(Task<T> task, TimeProvider? time, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!task.IsCompleted)
        {
            if (time is null || !await EndsInTimeAsync(task, time).ConfigureAwait(false))
                Forget(task);
            else if (!task.IsCompletedSuccessfully)
                await task.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits a bounded time for a task that may be deaf, whatever it ends with.</summary>
    public static async Task<bool> EndsInTimeAsync(Task task, TimeProvider time)
    {
        await task.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }

    private static void Forget(Task task) => _ = task.ContinueWith(
        static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
