using LlmKit.Testing;

namespace LlmKit.Tests.Support;

/// <summary>Moves a manual clock along with code that waits on it. Nothing here depends on the wall clock.</summary>
internal static class ManualTimeExtensions
{
    private const int Patience = 100_000;

    // Code that changes threads between two waits gets its turn before the clock moves on; many of them while the clock has nothing near
    // to fire, for then whoever is to go on may not even have begun to wait.
    private const int TurnsPerStep = 4;
    private const int TurnsPerEmptyStep = 200;

    /// <summary>Moves the clock in steps, whenever somebody waits on it, until a task has ended; gives the task's result.</summary>
    public static async Task<T> FinishAsync<T>(this ManualTimeProvider clock, Task<T> task, TimeSpan? step = null)
    {
        await clock.EndAsync(task, step);
        return await task;
    }

    /// <summary>Moves the clock in steps, whenever somebody waits on it, until a task has ended, however it ends.</summary>
    public static async Task EndAsync(this ManualTimeProvider clock, Task task, TimeSpan? step = null)
    {
        var length = step ?? TimeSpan.FromSeconds(0.25);
        for (var i = 0; i < Patience && !task.IsCompleted; i++)
        {
            var turns = clock.UntilNextTimer <= length ? TurnsPerStep : TurnsPerEmptyStep;
            for (var turn = 0; turn < turns && !task.IsCompleted; turn++)
                await Task.Yield();
            if (!task.IsCompleted && clock.ActiveTimers > 0)
                clock.Advance(length);
        }

        if (!task.IsCompleted)
            throw new InvalidOperationException("The task did not end, however far the clock was moved.");
    }

    /// <summary>Waits, without moving the clock, until a condition holds.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < Patience && !condition(); i++)
            await Task.Yield();
        if (!condition())
            throw new InvalidOperationException("The condition did not come about.");
    }
}
