namespace LlmKit.Tests.Support;

/// <summary>Collects garbage until something has happened, or a bounded number of times.</summary>
internal static class Collecting
{
    public static async Task<bool> UntilAsync(Func<bool> happened)
    {
        for (var i = 0; i < 200 && !happened(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        return happened();
    }
}
