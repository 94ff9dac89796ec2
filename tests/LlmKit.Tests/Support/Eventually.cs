using LlmKit.Testing;

namespace LlmKit.Tests.Support;

/// <summary>Waits for what another thread is about to do, without a clock.</summary>
internal static class Eventually
{
    /// <summary>Yields until something is so, a bounded number of times.</summary>
    public static async Task<bool> IsAsync(Func<bool> condition, int tries = 100_000)
    {
        for (var i = 0; i < tries && !condition(); i++)
            await Task.Yield();
        return condition();
    }

    /// <summary>Yields until something is there, a bounded number of times.</summary>
    public static async Task<T> GetsAsync<T>(Func<Task<T?>> get)
        where T : class
    {
        for (var i = 0; i < 100_000; i++)
        {
            if (await get() is { } found)
                return found;
            await Task.Yield();
        }

        throw new InvalidOperationException("It did not come.");
    }

    /// <summary>Moves a clock along, whenever somebody waits on it, until a task has ended.</summary>
    public static async Task<T> EndsAsync<T>(Task<T> task, ManualTimeProvider clock, TimeSpan step)
    {
        for (var i = 0; i < 100_000 && !task.IsCompleted; i++)
        {
            await Task.Yield();
            if (!task.IsCompleted && clock.ActiveTimers > 0)
                clock.Advance(step);
        }

        return task.IsCompleted ? await task : throw new InvalidOperationException("The task did not end, however far the clock was moved.");
    }
}
