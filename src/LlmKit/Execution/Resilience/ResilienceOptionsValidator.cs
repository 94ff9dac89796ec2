using System.Globalization;

namespace LlmKit.Execution.Resilience;

/// <summary>Checks the settings and reports all that is wrong with them at once.</summary>
internal static class ResilienceOptionsValidator
{
    private const int MostRetries = 10;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    public static void Validate(ResilienceOptions options, List<string> failures)
    {
        ValidateRetries(options, failures);
        ValidateLimit(options.TotalTimeout, nameof(options.TotalTimeout), failures);
        ValidateLimit(options.AttemptTimeout, nameof(options.AttemptTimeout), failures);
        ValidateLimit(options.FirstContentTimeout, nameof(options.FirstContentTimeout), failures);
        ValidateLimit(options.BetweenUpdatesTimeout, nameof(options.BetweenUpdatesTimeout), failures);
        ValidateCircuit(options, failures);
    }

    private static void ValidateRetries(ResilienceOptions options, List<string> failures)
    {
        if (options.MaxRetries is < 0 or > MostRetries)
            failures.Add($"The number of retries '{options.MaxRetries}' is outside 0 to {MostRetries}. Set ResilienceOptions.MaxRetries to a number such as 2.");
        if (options.MaxDelay < TimeSpan.Zero || options.MaxDelay > LongestDelay)
            failures.Add($"The longest delay '{options.MaxDelay}' is outside 0 to 5 minutes. Set ResilienceOptions.MaxDelay to a time such as 8 seconds.");
        if (options.BaseDelay < TimeSpan.Zero || options.BaseDelay > options.MaxDelay)
            failures.Add($"The first delay '{options.BaseDelay}' is outside 0 to MaxDelay. Set ResilienceOptions.BaseDelay to a time such as 0.5 seconds.");
        if (options.RetryShare is < 0 or > 1 or double.NaN)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The share of retries '{options.RetryShare}' is outside 0 to 1. Set ResilienceOptions.RetryShare to a part of the calls such as 0.2, or to null for no limit."));
        if (options.RetryFloor < 0)
            failures.Add($"The number of retries beside the share '{options.RetryFloor}' is below 0. Set ResilienceOptions.RetryFloor to a number such as 10.");
        if (options.MaxRetryAfter < TimeSpan.Zero || options.MaxRetryAfter > LongestRetryAfter)
            failures.Add($"The longest Retry-After '{options.MaxRetryAfter}' is outside 0 to 1 hour. Set ResilienceOptions.MaxRetryAfter to a time such as 30 seconds.");
    }

    private static void ValidateLimit(TimeSpan? limit, string name, List<string> failures)
    {
        if (limit <= TimeSpan.Zero || limit > LongestLimit)
            failures.Add($"The limit '{limit}' is not above 0 or exceeds 1 day. Set ResilienceOptions.{name} to a time such as 20 seconds, or to null for no limit.");
    }

    private static void ValidateCircuit(ResilienceOptions options, List<string> failures)
    {
        if (options.FailureRatio is <= 0 or > 1 or double.NaN)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The failure ratio '{options.FailureRatio}' is not above 0 or exceeds 1. Set ResilienceOptions.FailureRatio to a part such as 0.5, or to null for no circuit breaker."));
        if (options.MinimumThroughput < 1)
            failures.Add($"The minimum throughput '{options.MinimumThroughput}' is below 1. Set ResilienceOptions.MinimumThroughput to a number of attempts such as 10.");
        if (options.SamplingWindow < ShortestWindow || options.SamplingWindow > LongestWindow)
            failures.Add($"The window '{options.SamplingWindow}' is outside 0.1 seconds to 1 hour. Set ResilienceOptions.SamplingWindow to a time such as 30 seconds.");
        if (options.BreakDuration <= TimeSpan.Zero || options.BreakDuration > LongestLimit)
            failures.Add($"The break '{options.BreakDuration}' is not above 0 or exceeds 1 day. Set ResilienceOptions.BreakDuration to a time such as 15 seconds.");
        if (options.HalfOpenProbes < 1)
            failures.Add($"The number of probes '{options.HalfOpenProbes}' is below 1. Set ResilienceOptions.HalfOpenProbes to a number such as 1.");
    }
}
