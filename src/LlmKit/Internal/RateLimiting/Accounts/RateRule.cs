namespace LlmKit.Internal.RateLimiting.Accounts;

/// <summary>One prepared rate limit: how much of each kind may pass. Immutable.</summary>
internal sealed class RateRule
{
    /// <summary>What a kind without a limit has.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>The greatest amount: with it, no sum within the longest window overflows.</summary>
    public const long Greatest = 10_000_000_000;

    /// <summary>The longest queue: it is searched from its end.</summary>
    public const int LongestQueue = 10_000;

    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly string _account;
    private readonly long[] _amounts;
    private readonly long[] _atOnce;

    /// <summary>Prepares a limit.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="scope">What shares it.</param>
    /// <param name="amounts">What may pass in each window.</param>
    /// <param name="burst">The part of a window's amount that may be taken at once.</param>
    public RateRule(string name, RateLimitScope scope, RateAmounts amounts, double burst = 1)
    {
        Name = name;
        Scope = scope;
        Concurrent = amounts.Concurrent ?? Unlimited;
        Burst = burst;
        // Names of limits ignore case, in options and configuration alike, so accounts must too.
        _account = name.ToLowerInvariant();
        _amounts = [amounts.Requests ?? Unlimited, amounts.InputTokens ?? Unlimited, amounts.OutputTokens ?? Unlimited, amounts.Tokens ?? Unlimited];
        _atOnce = [.. _amounts.Select(amount => amount == Unlimited ? Unlimited : Math.Max(Math.Min(amount, 1), (long)(amount * burst)))];
        Kinds = [.. Enumerable.Range(0, _amounts.Length).Where(kind => _amounts[kind] != Unlimited).Select(kind => (RateLimitKind)kind)];
    }

    public string Name { get; }

    public RateLimitScope Scope { get; }

    /// <summary>Gets how many may be under way at once.</summary>
    public long Concurrent { get; }

    /// <summary>Gets the part of a window's amount that may be taken at once.</summary>
    public double Burst { get; }

    /// <summary>Gets what is limited in each window.</summary>
    public RateLimitKind[] Kinds { get; }

    /// <summary>Gets the length of a window, in milliseconds.</summary>
    public long Window { get; init; } = 60_000;

    /// <summary>Gets whether it refuses; otherwise it only says what it would have refused.</summary>
    public bool Enforce { get; init; } = true;

    /// <summary>Gets how many may wait at each of its accounts; 0 when none may.</summary>
    public int Queue { get; init; }

    /// <summary>Gets the longest wait, in milliseconds.</summary>
    public long MaxWait { get; init; } = 10_000;

    /// <summary>Gets how long a request must have waited to stand where a fresh one of the next higher priority stands, in milliseconds.</summary>
    public long AgeAfter { get; init; } = 5_000;

    /// <summary>Gives what may pass in a window, or at once for <see cref="RateLimitKind.Concurrent"/>.</summary>
    public long Of(RateLimitKind kind) => kind == RateLimitKind.Concurrent ? Concurrent : _amounts[(int)kind];

    /// <summary>Gives what may be taken at once.</summary>
    public long AtOnce(RateLimitKind kind) => kind == RateLimitKind.Concurrent ? Concurrent : _atOnce[(int)kind];

    /// <summary>Gives the account of a value of the scope.</summary>
    public RateAccountKey AccountOf(string value) => new(_account, Scope, value);

    /// <summary>Gives how long an answer may be reserved where its length is open: what was recorded above it in the end delays those that come after.</summary>
    public long OpenOutput(long input, long output)
    {
        output = Math.Min(output, AtOnce(RateLimitKind.OutputTokens));
        return AtOnce(RateLimitKind.Tokens) is var tokens && tokens != Unlimited && tokens > input ? Math.Min(output, tokens - input) : output;
    }
}
