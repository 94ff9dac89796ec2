namespace LlmKit.Internal;

/// <summary>Waits for a task that may be deaf to its token.</summary>
internal static class TaskRace
{
    /// <summary>Gives the task's result, or a cancellation as soon as the token is cancelled. A task that was left behind may still fail unheard.</summary>
    public static Task<T> OrCancelled<T>(this Task<T> task, CancellationToken cancellationToken) =>
        task.IsCompleted || !cancellationToken.CanBeCanceled ? task : RaceAsync(task, cancellationToken);

    private static async Task<T> RaceAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!task.IsCompleted)
        {
            _ = task.ContinueWith(
                static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
