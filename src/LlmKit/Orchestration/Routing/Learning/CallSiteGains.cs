using System.Collections.Frozen;
using LlmKit.Internal.Keys;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>How much better the strong model answers than the weak one at each call site (feature), from recorded outcomes.</summary>
/// <remarks>
/// The mean score of each model at the site, drawn towards its mean over all sites as by 10 examples more, so that a site of which little is known
/// is like the others; the gain is the strong model's less the weak one's. A site that is not known has the gain of all. Where only one model
/// answered, the example counts by the inverse of its propensity, 20 times at most. Immutable and thread-safe; it holds no text but the sites' names.
/// </remarks>
public sealed class CallSiteGains
{
    private const double Prior = 10;
    private const double MostWeight = 20;

    private readonly FrozenDictionary<string, double> _sites;

    private CallSiteGains(double overall, FrozenDictionary<string, double> sites)
    {
        (Overall, _sites) = (overall, sites);
        Version = VersionOf(overall, sites);
    }

    /// <summary>Gets the gain over all sites, which sites that are not known have.</summary>
    public double Overall { get; }

    /// <summary>Gets the names of the sites that are known.</summary>
    public IReadOnlyCollection<string> Sites => _sites.Keys;

    /// <summary>Gets the version: a hash of all gains.</summary>
    public string Version { get; }

    /// <summary>Learns the gains.</summary>
    /// <param name="examples">Requests with what is known of their answers; those without any score are left out.</param>
    /// <returns>The gains.</returns>
    /// <exception cref="ArgumentException">An example has a score or propensity that cannot be, or none has a score of the weak model or none one of the strong.</exception>
    public static CallSiteGains Fit(IEnumerable<RoutingExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var (all, sites) = (new Tally(), new Dictionary<string, Tally>(StringComparer.Ordinal));
        foreach (var example in examples.Select(GainModel.Checked))
        {
            all.Add(example);
            if (example.CallSite is not { } site)
                continue;
            if (!sites.TryGetValue(site, out var tally))
                sites.Add(site, tally = new());
            tally.Add(example);
        }

        if (all.Weak.Weight == 0 || all.Strong.Weight == 0)
            throw new ArgumentException("There is no score of the weak model, or none of the strong one, so no gain can be told. Give examples of both.", nameof(examples));
        var (weak, strong) = (all.Weak.Sum / all.Weak.Weight, all.Strong.Sum / all.Strong.Weight);
        return new(strong - weak, sites.ToFrozenDictionary(pair => pair.Key, pair => Smoothed(pair.Value.Strong, strong) - Smoothed(pair.Value.Weak, weak)));
    }

    /// <summary>Gives the gain at a site.</summary>
    /// <param name="callSite">The site (feature); <see langword="null"/> where it is not known.</param>
    /// <returns>From -1 to 1.</returns>
    public double Of(string? callSite) => callSite is not null && _sites.TryGetValue(callSite, out var gain) ? gain : Overall;

    /// <summary>Says what it is, for logs.</summary>
    /// <returns>Version and number of sites.</returns>
    public override string ToString() => $"{Version}, {_sites.Count} sites";

    private static double Smoothed((double Sum, double Weight) scores, double overall) => (scores.Sum + (Prior * overall)) / (scores.Weight + Prior);

    private static string VersionOf(double overall, FrozenDictionary<string, double> sites)
    {
        const int shown = 12;
        var key = KeyWriter.Rent();
        key.Number((double?)overall);
        foreach (var (site, gain) in sites.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            key.Text(site);
            key.Number((double?)gain);
        }

        var hash = key.Finish();
        KeyWriter.Return(key);
        return hash.ToHex()[..shown];
    }

    /// <summary>What is known of both models at one site.</summary>
    private sealed class Tally
    {
        public (double Sum, double Weight) Weak { get; private set; }

        public (double Sum, double Weight) Strong { get; private set; }

        public void Add(RoutingExample example)
        {
            var weight = example is { Weak: not null, Strong: not null } ? 1 : Math.Min(MostWeight, 1 / example.Propensity);
            if (example.Weak is { } weak)
                Weak = (Weak.Sum + (weight * weak), Weak.Weight + weight);
            if (example.Strong is { } strong)
                Strong = (Strong.Sum + (weight * strong), Strong.Weight + weight);
        }
    }
}
