using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Internal.Hedging;

/// <summary>The settings of hedging as the live path uses them: prepared once, immutable.</summary>
internal sealed class HedgePolicy
{
    private const double LeastPercentile = 0.5;
    private const double MostPercentile = 0.999;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private HedgePolicy(HedgingOptions options)
    {
        Delay = options.Delay;
        Percentile = options.Percentile;
        Share = options.Share;
        Floor = options.Floor;
        WithTools = options.WithTools;
    }

    public TimeSpan Delay { get; }

    public double? Percentile { get; }

    public double Share { get; }

    public int Floor { get; }

    public bool WithTools { get; }

    public static HedgePolicy Compile(HedgingOptions options, List<string> failures)
    {
        var before = failures.Count;
        if (options.Delay < TimeSpan.Zero || options.Delay > LongestDelay)
            failures.Add($"The delay '{options.Delay}' before a hedge is outside 0 to 1 day. Set HedgingOptions.Delay to a time such as 3 seconds.");
        if (options.Percentile is < LeastPercentile or > MostPercentile or double.NaN)
            failures.Add(Invariant($"The percentile '{options.Percentile}' is outside {LeastPercentile} to {MostPercentile}. Set HedgingOptions.Percentile to a part of the answers such as 0.95, or to null for a fixed delay."));
        if (options.Share is < 0 or > 1 or double.NaN)
            failures.Add(Invariant($"The share of hedges '{options.Share}' is outside 0 to 1. Set HedgingOptions.Share to a part of the calls such as 0.1."));
        if (options.Floor < 0)
            failures.Add($"The number of hedges beside the share '{options.Floor}' is below 0. Set HedgingOptions.Floor to a number such as 2.");
        return new(failures.Count > before ? new() : options);
    }

    public static void Bind(IConfiguration section, HedgingOptions options)
    {
        section.Bind(options);
        // The binder passes over empty values, and a configuration must be able to say "fixed".
        if (section[nameof(options.Percentile)] is { Length: 0 })
            options.Percentile = null;
    }

    /// <summary>Whether a request may have a second attempt. One with tools may not unless it is allowed, and a hedge has no hedge of its own.</summary>
    public bool MayHedge(ChatOptions options) => (WithTools || options.Tools is not { Count: > 0 }) && !HedgeMark.IsOn(options);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
