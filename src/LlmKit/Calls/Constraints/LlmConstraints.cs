using System.Globalization;

namespace LlmKit;

/// <summary>What a team declares for every call of a pipeline, or of one feature. Enforced by the pipeline and reported on each call as met or broken.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public sealed class LlmConstraints
{
    private const decimal MostUsd = 1_000_000_000m;

    /// <summary>Gets or sets the longest a call may take, from the request to the last update.</summary>
    /// <value>Above zero; <see langword="null"/> by default: no limit. It is the call's deadline.</value>
    public TimeSpan? Latency { get; set; }

    /// <summary>Gets or sets the longest a stream may take to its first content, all retries and fallbacks included.</summary>
    /// <value>Above zero; <see langword="null"/> by default: no limit. A stream without content by then ends with <see cref="LlmTimeoutException"/>. It does not hold for plain calls. A pipeline inside another one holds to it what it streams itself.</value>
    public TimeSpan? FirstContent { get; set; }

    /// <summary>Gets or sets the most that one call may cost, in USD, all its attempts together.</summary>
    /// <value>Above zero and at most 1,000,000,000; <see langword="null"/> by default. An attempt whose worst case does not fit is shortened or refused.</value>
    public decimal? CostPerCall { get; set; }

    /// <summary>Gets or sets the most that an interaction may cost, in USD, all its calls together.</summary>
    /// <value>Above zero and at most 1,000,000,000; <see langword="null"/> by default. It is held as <see cref="LlmInteraction.MaxCost"/> is; where several are declared for one interaction, the least holds. A call that belongs to none is one by itself.</value>
    public decimal? CostPerInteraction { get; set; }

    /// <summary>Gets or sets how often a request may be answered otherwise when it is asked again.</summary>
    /// <value>A rate from 0 to 1; <see langword="null"/> by default. No single call can break it: <see cref="LlmVariability"/> measures it, raises the alarm, and pins the feature where that is declared.</value>
    public double? Disagreement { get; set; }

    /// <summary>Gets whether there is anything that a call can meet or break.</summary>
    internal bool BindCalls => Latency is not null || FirstContent is not null || CostPerCall is not null || CostPerInteraction is not null;

    internal bool LimitCost => CostPerCall is not null || CostPerInteraction is not null;

    internal LlmConstraints Copy() => (LlmConstraints)MemberwiseClone();

    internal void Validate(List<string> failures)
    {
        ValidateTime(Latency, nameof(Latency), "20 seconds", failures);
        ValidateTime(FirstContent, nameof(FirstContent), "3 seconds", failures);
        ValidateCost(CostPerCall, nameof(CostPerCall), failures);
        ValidateCost(CostPerInteraction, nameof(CostPerInteraction), failures);
        if (Disagreement is { } rate && !(rate is >= 0 and <= 1))
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The disagreement '{rate}' is outside 0 to 1. Set LlmConstraints.Disagreement to a rate such as 0.05."));
    }

    private static void ValidateTime(TimeSpan? time, string name, string example, List<string> failures)
    {
        if (time <= TimeSpan.Zero)
            failures.Add($"The {(name == nameof(Latency) ? "latency" : "time to the first content")} '{time}' is not above zero. Set LlmConstraints.{name} to a time such as {example}.");
    }

    private static void ValidateCost(decimal? cost, string name, List<string> failures)
    {
        if (cost <= 0)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The cost '{cost}' is not above zero. Set LlmConstraints.{name} to an amount in USD such as 0.05."));
        if (cost > MostUsd)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The cost '{cost}' is above {MostUsd}. Set LlmConstraints.{name} to an amount in USD such as 0.05, or to null for no limit."));
    }
}
