using System.Globalization;
using LlmKit.Internal.RateLimiting.Accounts;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>What a provider lets pass to one model: the quotas of your account, so that requests wait here instead of failing there.</summary>
/// <remarks>
/// Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Models:&lt;name&gt;:Limits</c>.
/// Held at the door to the model, so that retries, hedges, judges and embeddings count too. Each limit is a token bucket, as providers
/// keep them: a minute's amount may be taken at once and comes back evenly. Tokens are reserved in the worst case before an attempt and
/// corrected to what it used after it. In the memory of this process: with several, give each its share.
/// </remarks>
public sealed class ModelLimits
{
    /// <summary>Gets or sets the requests in a minute.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? RequestsPerMinute { get; set; }

    /// <summary>Gets or sets the input tokens in a minute.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? InputTokensPerMinute { get; set; }

    /// <summary>Gets or sets the output tokens in a minute.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? OutputTokensPerMinute { get; set; }

    /// <summary>Gets or sets the tokens, input and output, in a minute.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? TokensPerMinute { get; set; }

    /// <summary>Gets or sets how many attempts may be under way at once; a stream is until it ends.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? Concurrent { get; set; }

    /// <summary>Gets or sets the part of a minute's amount that may be taken at once.</summary>
    /// <value>Above 0, at most 1, which is the default. Providers that hold 60 requests in a minute to one in a second need less.</value>
    public double Burst { get; set; } = 1;

    /// <summary>Gets or sets how many attempts may wait for room.</summary>
    /// <value>0 to 10,000; 100 by default. With 0 an attempt is refused at once, so that a router tries another model. The most urgent goes first, see
    /// <see cref="LlmCallOptions.Priority"/>; waiting for 5 seconds makes as urgent as one priority more.</value>
    public int Queue { get; set; } = 100;

    /// <summary>Gets or sets the longest wait for room. A call's deadline ends it sooner.</summary>
    /// <value>Above zero, at most an hour; 10 seconds by default.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the name under which models share the limits: those of other pipelines, or a second registration of the same deployment.</summary>
    /// <value><see langword="null"/> by default: the model has its own.</value>
    public string? SharedAs { get; set; }

    /// <summary>Gets or sets whether what the provider reports, such as <c>x-ratelimit-remaining-requests</c>, may tighten the limits.</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool FollowProvider { get; set; } = true;

    internal bool LimitsNothing => RequestsPerMinute is null && InputTokensPerMinute is null && OutputTokensPerMinute is null && TokensPerMinute is null && Concurrent is null;

    internal void Bind(IConfiguration section)
    {
        RequestsPerMinute = Amount(section, nameof(RequestsPerMinute)) ?? RequestsPerMinute;
        InputTokensPerMinute = Amount(section, nameof(InputTokensPerMinute)) ?? InputTokensPerMinute;
        OutputTokensPerMinute = Amount(section, nameof(OutputTokensPerMinute)) ?? OutputTokensPerMinute;
        TokensPerMinute = Amount(section, nameof(TokensPerMinute)) ?? TokensPerMinute;
        Concurrent = Amount(section, nameof(Concurrent)) ?? Concurrent;
        SharedAs = section[nameof(SharedAs)] ?? SharedAs;
        if (section[nameof(Burst)] is { } burst)
            Burst = double.Parse(burst, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (section[nameof(Queue)] is { } queue)
            Queue = int.Parse(queue, CultureInfo.InvariantCulture);
        if (section[nameof(MaxWait)] is { } wait)
            MaxWait = TimeSpan.Parse(wait, CultureInfo.InvariantCulture);
        if (section[nameof(FollowProvider)] is { } follow)
            FollowProvider = bool.Parse(follow);
    }

    internal void Validate(string model, List<string> failures)
    {
        foreach (var (name, amount) in Amounts())
        {
            if (amount is < 0 or > RateRule.Greatest)
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"The limit {name} '{amount}' of the model '{model}' is outside 0 to {RateRule.Greatest}. Set ModelLimits.{name} to what your account may use, or leave it unset."));
        }

        if (Burst is not (> 0 and <= 1))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The burst '{Burst}' of the model '{model}' is not above 0 and at most 1. Set ModelLimits.Burst to a part such as 0.1."));
        if (Queue is < 0 or > RateRule.LongestQueue)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The queue '{Queue}' of the model '{model}' is outside 0 to {RateRule.LongestQueue}. Set ModelLimits.Queue to how many attempts may wait."));
        if (MaxWait <= TimeSpan.Zero || MaxWait > RateRule.LongestWait)
            failures.Add($"The longest wait '{MaxWait}' of the model '{model}' is not above zero and at most an hour. Set ModelLimits.MaxWait to a time such as 10 seconds.");
        if (SharedAs is not null && string.IsNullOrWhiteSpace(SharedAs))
            failures.Add($"The shared name of the limits of the model '{model}' is blank. Set ModelLimits.SharedAs to a name, or leave it unset.");
    }

    internal RateRule Rule(string model) => new(SharedAs ?? model, RateLimitScope.Model, new(RequestsPerMinute, InputTokensPerMinute, OutputTokensPerMinute, TokensPerMinute, Concurrent), Burst)
    {
        Queue = Queue,
        MaxWait = (long)MaxWait.TotalMilliseconds,
    };

    // Without thousands separators: a comma would silently make an amount a thousand times larger.
    private static long? Amount(IConfiguration section, string name) => section[name] is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount) ? amount
        : throw new FormatException($"'{name}' is '{text}', not a whole number.");

    private (string Name, long? Amount)[] Amounts() =>
    [
        (nameof(RequestsPerMinute), RequestsPerMinute),
        (nameof(InputTokensPerMinute), InputTokensPerMinute),
        (nameof(OutputTokensPerMinute), OutputTokensPerMinute),
        (nameof(TokensPerMinute), TokensPerMinute),
        (nameof(Concurrent), Concurrent),
    ];
}
