using System.Globalization;
using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Control.RateLimits.Settings;

/// <summary>Checks the settings of rate limits, all failures at once.</summary>
internal static class RateLimitOptionsValidator
{
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    public static void Validate(RateLimitOptions options, List<string> failures)
    {
        if (options.Limits.Count == 0)
            failures.Add("There is no rate limit. Add one, such as UseRateLimits(r => r.PerTenant(\"tenant\", requests: 60)).");
        foreach (var (name, limit) in options.Limits)
            Validate(name, limit, failures);
        if (options.Queue is < 0 or > RateRule.LongestQueue)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The queue '{options.Queue}' is outside 0 to {RateRule.LongestQueue}. Set RateLimitOptions.Queue to how many calls may wait."));
        ValidateTime(nameof(RateLimitOptions.MaxWait), options.MaxWait, failures);
        ValidateTime(nameof(RateLimitOptions.AgeAfter), options.AgeAfter, failures);
        if (!Enum.IsDefined(options.MissingIdentity))
            failures.Add($"RateLimitOptions.MissingIdentity is '{options.MissingIdentity}', which is unknown. Use a value of MissingIdentity.");
    }

    private static void ValidateTime(string name, TimeSpan time, List<string> failures)
    {
        if (time <= TimeSpan.Zero || time > RateRule.LongestWait)
            failures.Add($"RateLimitOptions.{name} is '{time}', which is not above zero and at most an hour. Set it to a time such as 10 seconds.");
    }

    private static void Validate(string name, RateLimit? limit, List<string> failures)
    {
        if (string.IsNullOrWhiteSpace(name))
            failures.Add("A rate limit has no name. Name each, such as 'tenant': errors, configuration and shared room go by it.");
        if (limit is null)
        {
            failures.Add($"The rate limit '{name}' has no settings. Give its Scope and its amounts.");
            return;
        }

        if (limit.Scope == RateLimitScope.Model)
            failures.Add($"The rate limit '{name}' has the scope Model. Limit a model where it is added: AddModel(…, o => o.Limits.RequestsPerMinute = 500).");
        else if (!Enum.IsDefined(limit.Scope))
            failures.Add($"The rate limit '{name}' has the unknown scope '{limit.Scope}'. Use a value of RateLimitScope.");
        if (limit.Scope == RateLimitScope.Tag ? string.IsNullOrWhiteSpace(limit.Tag) : limit.Tag is not null)
            failures.Add($"The rate limit '{name}' has the scope {limit.Scope} and the tag '{limit.Tag}'. A limit for each value of a tag needs RateLimit.Tag; no other has one.");
        if (limit.Window < ShortestWindow || limit.Window > LongestWindow)
            failures.Add($"The window '{limit.Window}' of the rate limit '{name}' is outside 1 second to 1 day. Set RateLimit.Window to a time such as 1 minute.");
        if (limit.Burst is not (> 0 and <= 1))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The burst '{limit.Burst}' of the rate limit '{name}' is not above 0 and at most 1. Set RateLimit.Burst to a part such as 0.1."));
        if (limit is { Requests: null, InputTokens: null, OutputTokens: null, Tokens: null, Concurrent: null, Overrides.Count: 0 })
            failures.Add($"The rate limit '{name}' limits nothing. Give its Requests, Tokens or Concurrent.");
        ValidateAmounts(name, limit, failures);
        foreach (var (value, amounts) in limit.Overrides)
        {
            ValidateValue(name, limit.Scope, value, failures);
            ValidateAmounts(name, amounts, failures);
        }

        if (limit.Only is { } only)
            ValidateValue(name, limit.Scope, only, failures);
    }

    private static void ValidateAmounts(string name, RateLimitAmounts amounts, List<string> failures)
    {
        foreach (var amount in new[] { amounts.Requests, amounts.InputTokens, amounts.OutputTokens, amounts.Tokens, amounts.Concurrent }.Where(amount => amount is < 0 or > RateRule.Greatest))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The rate limit '{name}' has the amount '{amount}', which is outside 0 to {RateRule.Greatest}. Give a number of calls or tokens, or leave it unset."));
    }

    /// <summary>Refuses amounts for a value that no call will ever have: they would never apply, and nobody would see it.</summary>
    private static void ValidateValue(string name, RateLimitScope scope, string value, List<string> failures)
    {
        if (scope == RateLimitScope.Global)
            failures.Add($"The rate limit '{name}' is one for all, so what is set for '{value}' never applies. Make it a limit for each tenant, user or feature, or remove that.");
        else if (scope == RateLimitScope.User && !value.Contains('/', StringComparison.Ordinal))
            failures.Add($"The user '{value}' under the rate limit '{name}' has no tenant, so what is set never applies. Write tenant/user, or /user for a user without a tenant.");
    }
}
