using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Models;

/// <summary>A model's limits, prepared once for a snapshot.</summary>
/// <param name="Rule">The limits.</param>
/// <param name="IsShared">Whether the name alone tells whose they are.</param>
/// <param name="FollowsProvider">Whether what the provider says may tighten them.</param>
internal sealed record ModelRateLimit(RateRule Rule, bool IsShared, bool FollowsProvider)
{
    public static ModelRateLimit? From(ModelLimits limits, string model) => limits.LimitsNothing ? null : new(limits.Rule(model), limits.SharedAs is not null, limits.FollowProvider);
}
