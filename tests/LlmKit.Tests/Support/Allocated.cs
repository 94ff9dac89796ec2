namespace LlmKit.Tests.Support;

/// <summary>What an action allocates when nothing disturbs it.</summary>
/// <remarks>The least of many times counts: code that is not compiled to its last form yet allocates for itself, and a collection empties the pools.</remarks>
internal static class Allocated
{
    private const int MostTimes = 200_000;

    /// <summary>Gives the least bytes that this thread allocated in one run of the action, or the first that are few enough.</summary>
    public static long By(Action action, long enough = 0)
    {
        var least = long.MaxValue;
        for (var i = 0; i < MostTimes && least > enough; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
