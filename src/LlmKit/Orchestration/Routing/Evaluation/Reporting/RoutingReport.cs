using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What policies reach, for each call site: on requests that both models answered, beside the baselines without which it would be no evidence; and on a router's own traces.</summary>
/// <remarks>
/// Give requests, or traces, that the policies were not fitted on. Each policy's threshold is calibrated once, on all requests and by a one-sided bound, see
/// <see cref="ThresholdCalibration.ForQualityFloor"/>; call sites show what it does there. Immutable and thread-safe.
/// </remarks>
public sealed class RoutingReport
{
    internal const string Random = "random";
    internal const string Length = "length";
    internal const string AlwaysWeak = "always weak";
    internal const string AlwaysStrong = "always strong";
    internal const string Oracle = "oracle";

    private RoutingReport(ReportedRequest[] requests, ReportedPolicy[] policies, RoutingReportOptions options, ReplayReport? replay)
    {
        (Options, Policies, Replay) = (options, policies, replay);
        All = requests.Length == 0 ? new(null, 0, []) : SectionOf(feature: null, [.. Enumerable.Range(0, requests.Length)]);
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

    /// <summary>
    /// Gets all requests that both models answered together: each policy, and beside it <c>always weak</c>, <c>length</c>, <c>random</c>, <c>oracle</c>, which
    /// knows both answers, and <c>always strong</c>. A policy that is better at each call site may be worse here, and the other way round: look at both.
    /// </summary>
    /// <value>0 requests and no lines where the report is on traces that know no such requests.</value>
    public ReportSection All { get; }

    /// <summary>Gets the call sites, those with the most requests first; none where requests name none.</summary>
    public IReadOnlyList<ReportSection> Features { get; }

    /// <summary>Gets what the policies would have reached on the traces; <see langword="null"/> in a report on requests.</summary>
    public ReplayReport? Replay { get; }

    internal static IReadOnlyList<string> Baselines { get; } = [Random, Length, AlwaysWeak, AlwaysStrong, Oracle];

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
        return Of([.. requests], Configured(configure), replay: null);
    }

    /// <summary>Makes a report from a router's own traces: what the policies would have reached on them, for each call site, and the curve where it can be drawn.</summary>
    /// <remarks>
    /// There is a curve where two models have scored answers to the same requests (see <see cref="RoutingTraceLog.ScoreShadow"/>), of the policies that score all of
    /// them against one threshold, such as those by length or by what was learned; without their exploration.
    /// <code>
    /// var traces = RoutingTraceFile.Read("routing.jsonl").Traces;
    /// RoutingReport.Of(traces, [current, candidate]).WriteHtml(writer);
    /// </code>
    /// </remarks>
    /// <param name="traces">The log; see <see cref="RoutingTraceLog"/> and <see cref="RoutingTraceFile"/>.</param>
    /// <param name="policies">The policies; at least one. Others are held against the first.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ReplayRefusedException">The log cannot tell, see <see cref="PolicyEvaluator.Replay"/>.</exception>
    /// <exception cref="ArgumentException">There is no policy, or a trace contradicts itself.</exception>
    public static RoutingReport Of(IEnumerable<RoutingTrace> traces, IReadOnlyList<RoutingPolicy> policies, Action<RoutingReportOptions>? configure = null)
    {
        var options = Configured(configure);
        var replay = PolicyEvaluator.Replay(traces, policies, options.Replay);
        var (requests, hasCosts) = TracedRequests.Of(replay, options);
        options.CostUnit = hasCosts ? "USD" : null;
        return requests.Length == 0 ? new([], [], options, replay) : Of(requests, options, replay);
    }

    private static RoutingReport Of(ReportedRequest[] requests, RoutingReportOptions options, ReplayReport? replay)
    {
        if (requests.Length < 2)
            throw new ArgumentException("There are fewer than two requests. Give some hundreds that both models answered.", nameof(requests));
        string[] names = [.. requests[0].Scores.Select(score => score.Key)];
        if (names.Length == 0 || names.Distinct().Count() < names.Length || !Array.TrueForAll(requests, request => request.Scores.Select(score => score.Key).SequenceEqual(names)))
            throw new ArgumentException("The requests have no scores, or not those of the same policies. Give each request one score of each policy.", nameof(requests));
        if (names.Intersect(Baselines).FirstOrDefault() is { } taken)
            throw new ArgumentException($"The name '{taken}' is that of a baseline, which the report adds itself. Give the policy another.", nameof(requests));
        return new(
            requests,
            [
                .. names.Select((name, index) => new ReportedPolicy(name, requests, Array.ConvertAll(requests, request => request.Scores[index].Value), options.QualityFloor)),
                new(Length, requests, Array.ConvertAll(requests, request => (double)request.PromptLength), options.QualityFloor),
                new(Random, requests, Chances(requests.Length, options.Seed), options.QualityFloor),
                new(Oracle, requests, Array.ConvertAll(requests, request => request.Strong - request.Weak), options.QualityFloor),
            ],
            options,
            replay);
    }

    /// <summary>Writes the report as one HTML page: no script, no other file, no network; light and dark. Names are encoded.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteHtml(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new ReportPage(this, writer).Write();
    }

    private static RoutingReportOptions Configured(Action<RoutingReportOptions>? configure)
    {
        var options = new RoutingReportOptions();
        configure?.Invoke(options);
        return options;
    }

    private static double[] Chances(int count, int seed)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => chance.NextDouble())];
    }
}
