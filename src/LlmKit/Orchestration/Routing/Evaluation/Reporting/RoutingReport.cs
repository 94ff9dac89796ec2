namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What policies reach on requests that both models answered, for each call site, beside the baselines without which it would be no evidence.</summary>
/// <remarks>
/// Give requests that the policies were not fitted on. Each policy's threshold is calibrated once, on all requests and by a one-sided bound, see
/// <see cref="ThresholdCalibration.ForQualityFloor"/>; call sites show what it does there. Immutable and thread-safe.
/// </remarks>
public sealed class RoutingReport
{
    /// <summary>The name of the baseline by chance.</summary>
    public const string Random = "random";

    /// <summary>The name of the baseline that sends long prompts to the strong model.</summary>
    public const string Length = "length";

    /// <summary>The name of the weak model alone.</summary>
    public const string AlwaysWeak = "always weak";

    /// <summary>The name of the strong model alone.</summary>
    public const string AlwaysStrong = "always strong";

    /// <summary>The name of the choice with both answers known.</summary>
    public const string Oracle = "oracle";

    private RoutingReport(ReportedRequest[] requests, ReportedPolicy[] policies, RoutingReportOptions options)
    {
        (Options, Policies) = (options, policies);
        All = SectionOf(feature: null, [.. Enumerable.Range(0, requests.Length)]);
        Features = [.. Enumerable.Range(0, requests.Length).GroupBy(index => requests[index].Feature)
            .Where(feature => feature.Count() < requests.Length || feature.Key is not null)
            .OrderByDescending(feature => feature.Count()).ThenBy(feature => feature.Key, StringComparer.Ordinal)
            .Select(feature => SectionOf(feature.Key, [.. feature]))];

        ReportSection SectionOf(string? feature, int[] indexes) => new(
            feature,
            indexes.Length,
            [
                Fixed(AlwaysWeak, indexes, isStrong: false),
                .. policies.Select(policy => policy.LineOf(indexes, options.Seed)),
                Fixed(AlwaysStrong, indexes, isStrong: true),
            ]);

        ReportLine Fixed(string name, int[] indexes, bool isStrong) => new(
            name,
            indexes.Average(index => isStrong ? requests[index].Strong : requests[index].Weak),
            indexes.Average(index => isStrong ? requests[index].StrongCost : requests[index].WeakCost),
            isStrong ? 1 : 0,
            Apgr: null);
    }

    /// <summary>Gets all requests together. A policy that is better at each call site may be worse here, and the other way round: look at both.</summary>
    public ReportSection All { get; }

    /// <summary>Gets the call sites, those with the most requests first; none where requests name none.</summary>
    public IReadOnlyList<ReportSection> Features { get; }

    internal RoutingReportOptions Options { get; }

    /// <summary>Gets the policies, the first of which the report is about, and after them the baselines that have a curve.</summary>
    internal IReadOnlyList<ReportedPolicy> Policies { get; }

    /// <summary>Makes a report.</summary>
    /// <param name="requests">Requests that both models answered; at least two, with the same policies' scores.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">There are too few, they have not the same policies or none, or a number is not finite.</exception>
    public static RoutingReport Of(IEnumerable<ReportedRequest> requests, Action<RoutingReportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var options = new RoutingReportOptions();
        configure?.Invoke(options);
        ReportedRequest[] all = [.. requests];
        if (all.Length < 2)
            throw new ArgumentException("There are fewer than two requests. Give some hundreds that both models answered.", nameof(requests));
        string[] names = [.. all[0].Scores.Select(score => score.Key)];
        if (names.Length == 0 || names.Distinct().Count() < names.Length || !Array.TrueForAll(all, request => request.Scores.Select(score => score.Key).SequenceEqual(names)))
            throw new ArgumentException("The requests have no scores, or not those of the same policies. Give each request one score of each policy.", nameof(requests));
        if (names.Intersect([Random, Length, AlwaysWeak, AlwaysStrong, Oracle]).FirstOrDefault() is { } taken)
            throw new ArgumentException($"The name '{taken}' is that of a baseline, which the report adds itself. Give the policy another.", nameof(requests));
        return new(
            all,
            [
                .. names.Select((name, index) => new ReportedPolicy(name, all, Array.ConvertAll(all, request => request.Scores[index].Value), options.QualityFloor)),
                new(Length, all, Array.ConvertAll(all, request => (double)request.PromptLength), options.QualityFloor),
                new(Random, all, CurveBaselines.Random(all.Length, options.Seed), options.QualityFloor),
                new(Oracle, all, Array.ConvertAll(all, request => CurveBaselines.Oracle(request.Weak, request.Strong)), options.QualityFloor),
            ],
            options);
    }

    /// <summary>Writes the report as one HTML page: no script, no other file, no network; light and dark. Names are encoded.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteHtml(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new ReportPage(this, writer).Write();
    }
}
