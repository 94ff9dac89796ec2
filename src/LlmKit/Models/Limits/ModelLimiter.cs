using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;

namespace LlmKit.Models;

/// <summary>Holds the attempts of one pipeline to the limits of its models.</summary>
/// <param name="limiter">The limiter, which pipelines share.</param>
/// <param name="pipeline">The pipeline's name, which tells its models from others of the same name.</param>
internal sealed class ModelLimiter(RateLimiter limiter, string pipeline)
{
    /// <summary>Makes one for a model that no pipeline has.</summary>
    public static ModelLimiter Alone(TimeProvider? time = null) => new(new(time ?? TimeProvider.System), "");

    /// <summary>Takes what an attempt needs of the model's limits, or waits for it.</summary>
    /// <returns>The permit, to be ended with the attempt.</returns>
    /// <exception cref="RateLimitExceededException">There is no room, and no waiting for it.</exception>
    public ValueTask<RatePermit> AcquireAsync(LlmCall call, Model model, ModelRateLimit limit, long input, long output, bool isOpen, CancellationToken cancellationToken) =>
        RateLimitPass.AcquireAsync(
            limiter, call, [ChargeOf(limit)], new(input, isOpen ? limit.Rule.OpenOutput(input, output) : output), model.Name, cancellationToken);

    /// <summary>Heeds what the provider said is left.</summary>
    public void Heed(ModelRateLimit limit, ProviderLimits left)
    {
        if (!limit.FollowsProvider)
            return;
        var charge = ChargeOf(limit);
        foreach (var kind in limit.Rule.Kinds)
        {
            if (left.Of(kind) is { } most)
                limiter.Tighten(charge, kind, most);
        }
    }

    private RateCharge ChargeOf(ModelRateLimit limit) => new(limit.Rule, limit.Rule.AccountOf(limit.IsShared ? "" : pipeline));
}
