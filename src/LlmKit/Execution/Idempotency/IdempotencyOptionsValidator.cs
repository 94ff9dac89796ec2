namespace LlmKit.Execution.Idempotency;

/// <summary>Checks the settings and reports all that is wrong with them at once.</summary>
internal static class IdempotencyOptionsValidator
{
    private const int LeastBytes = 1_024;
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public static void Check(IdempotencyOptions options, List<string> failures)
    {
        if (options.Window < ShortestWindow || options.Window > LongestWindow)
            failures.Add($"The window '{options.Window}' is outside 1 second to 30 days. Set IdempotencyOptions.Window to a time such as 24 hours.");
        if (options.MaxEntries < 1)
            failures.Add($"The number of answers '{options.MaxEntries}' is below 1. Set IdempotencyOptions.MaxEntries to a number such as 10000.");
        if (options.MaxBytes < LeastBytes)
            failures.Add($"The size of all answers '{options.MaxBytes}' is below {LeastBytes} bytes. Set IdempotencyOptions.MaxBytes to a size such as 67108864.");
        if (options.StoreTimeout <= TimeSpan.Zero || options.StoreTimeout > LongestWait)
            failures.Add($"The wait for the store '{options.StoreTimeout}' is not above 0 or exceeds 1 minute. Set IdempotencyOptions.StoreTimeout to a time such as 2 seconds.");
        if (!Enum.IsDefined(options.WhenStoreFails))
            failures.Add($"The choice '{options.WhenStoreFails}' is unknown. Set IdempotencyOptions.WhenStoreFails to Proceed or Refuse.");
    }
}
