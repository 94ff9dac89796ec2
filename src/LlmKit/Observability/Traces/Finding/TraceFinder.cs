namespace LlmKit.Observability.Traces;

/// <summary>Finds and sums up among records that are in memory.</summary>
internal static class TraceFinder
{
    private const string Others = "_other";

    /// <summary>Gives a page.</summary>
    /// <param name="all">What is known of the records, in any order.</param>
    /// <param name="query">What to find.</param>
    /// <param name="read">Gives a record with its texts, to look for a text in them.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static TracePage List(IEnumerable<TraceSummary> all, TraceQuery query, Func<TraceSummary, TraceRecord?> read, CancellationToken cancellationToken)
    {
        var filter = new TraceFilter(query);
        var found = all.Where(filter.Holds).ToList();
        found.Sort(TraceFilter.Compare);
        var page = new List<TraceSummary>(Math.Min(found.Count, query.Limit));
        foreach (var trace in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!filter.HoldsText(trace) && !(read(trace) is { } record && filter.HoldsText(record)))
                continue;
            if (page.Count == query.Limit)
                return new(page, TraceFilter.MarkOf(page[^1]));
            page.Add(trace);
        }

        return new(page, Next: null);
    }

    public static IReadOnlyList<TraceGroup> Aggregate(
        IEnumerable<TraceSummary> all, TraceQuery query, TraceGrouping grouping, Func<TraceSummary, TraceRecord?> read, CancellationToken cancellationToken)
    {
        if (grouping.Every is { } every && every <= TimeSpan.Zero)
            throw new ArgumentException("A stretch of time is longer than 0. Give TraceGrouping.Every such as an hour.", nameof(grouping));
        var filter = new TraceFilter(query with { After = null });
        var groups = new Dictionary<(string? Name, DateTimeOffset? From), List<TraceSummary>>();
        foreach (var trace in all.Where(filter.Holds))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!filter.HoldsText(trace) && !(read(trace) is { } record && filter.HoldsText(record)))
                continue;
            var from = grouping.Every is { } length ? StretchOf(trace.StartedAt, length) : (DateTimeOffset?)null;
            var key = (Name: NameOf(trace, grouping.By), From: from);
            if (!groups.TryGetValue(key, out var group))
            {
                if (groups.Count >= TraceGrouping.MostGroups)
                    key = (Others, groups.Count < 2 * TraceGrouping.MostGroups || groups.ContainsKey((Others, from)) ? from : null);
                if (!groups.TryGetValue(key, out group))
                    groups[key] = group = [];
            }

            group.Add(trace);
        }

        return [.. groups.OrderBy(group => group.Key.From).ThenBy(group => group.Key.Name, StringComparer.Ordinal).Select(group => Sum(group.Key.Name, group.Key.From, group.Value))];
    }

    private static DateTimeOffset StretchOf(DateTimeOffset at, TimeSpan length) => new(at.UtcTicks - (at.UtcTicks % length.Ticks), TimeSpan.Zero);

    private static string? NameOf(TraceSummary trace, TraceGroupBy by) => by switch
    {
        TraceGroupBy.Tenant => trace.Tenant,
        TraceGroupBy.Feature => trace.Feature,
        TraceGroupBy.Model => trace.Model ?? trace.ResponseModel ?? trace.RequestModel,
        TraceGroupBy.Status => TraceNames.Of(trace.Status),
        TraceGroupBy.ErrorType => trace.ErrorType,
        TraceGroupBy.Prompt => trace.PromptVersion is null ? trace.PromptName : $"{trace.PromptName} {trace.PromptVersion}",
        _ => null,
    };

    private static TraceGroup Sum(string? name, DateTimeOffset? from, List<TraceSummary> traces)
    {
        var durations = traces.Select(trace => trace.Duration).Order().ToList();
        var scores = traces.Select(trace => trace.LastScore).OfType<double>().ToList();
        return new()
        {
            Name = name,
            From = from,
            Calls = traces.Count,
            Failures = traces.Count(trace => trace.Status == Calls.CallStatus.Failed),
            Blocked = traces.Count(trace => trace.Marks.HasFlag(Calls.AnswerMarks.Blocked)),
            Bad = traces.Count(trace => trace.IsBad),
            Hits = traces.Count(trace => trace.IsHit),
            Unpriced = traces.Count(trace => trace.Cost is null),
            Cost = traces.Sum(trace => trace.Cost ?? 0),
            InputTokens = traces.Sum(trace => trace.Usage.Input),
            OutputTokens = traces.Sum(trace => trace.Usage.Output),
            DurationP50 = Rank(durations, 0.5),
            DurationP95 = Rank(durations, 0.95),
            Scored = scores.Count,
            MeanScore = scores.Count == 0 ? null : scores.Average(),
        };
    }

    private static TimeSpan Rank(List<TimeSpan> sorted, double part) => sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Count) - 1)];
}
