using System.Globalization;

namespace LlmKit;

/// <summary>What a team declares for every call of a pipeline. Enforced by the pipeline and reported on each call as met or broken.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public sealed class LlmConstraints
{
    private const decimal MostUsd = 1_000_000_000m;

    /// <summary>Gets or sets the longest a call may take, from the request to the last update.</summary>
    /// <value>Above zero; <see langword="null"/> by default: no limit. It is the call's deadline.</value>
    public TimeSpan? Latency { get; set; }

    /// <summary>Gets or sets the most that one call may cost, in USD, all its attempts together.</summary>
    /// <value>Above zero and at most 1,000,000,000; <see langword="null"/> by default. An attempt whose worst case does not fit is shortened or refused.</value>
    public decimal? CostPerCall { get; set; }

    internal void Validate(List<string> failures)
    {
        if (Latency <= TimeSpan.Zero)
            failures.Add($"The latency '{Latency}' is not above zero. Set LlmConstraints.Latency to a time such as 20 seconds.");
        if (CostPerCall <= 0)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The cost '{CostPerCall}' is not above zero. Set LlmConstraints.CostPerCall to an amount in USD such as 0.05."));
        if (CostPerCall > MostUsd)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The cost '{CostPerCall}' is above {MostUsd}. Set LlmConstraints.CostPerCall to an amount in USD such as 0.05, or to null for no limit."));
    }
}
