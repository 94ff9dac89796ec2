namespace LlmKit.Tests.Support;

/// <summary>Runs two actions on two threads as nearly at the same moment as can be had.</summary>
internal static class Together
{
    public static async Task RunAsync(Action first, Action second)
    {
        var arrived = 0;
        await Task.WhenAll(Task.Run(() => Meet(first)), Task.Run(() => Meet(second)));

        void Meet(Action action)
        {
            Interlocked.Increment(ref arrived);
            var wait = new SpinWait();
            while (Volatile.Read(ref arrived) < 2)
                wait.SpinOnce();
            action();
        }
    }
}
