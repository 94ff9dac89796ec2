namespace LlmKit.Calls;

/// <summary>Takes down how the calls of one pipeline stood to their constraints. Thread-safe: one lock, held for a few additions.</summary>
/// <remarks>It grows with the features that have constraints of their own, and not with calls.</remarks>
internal sealed class ConstraintBook(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Page> _pages = new(StringComparer.Ordinal);

    /// <summary>Takes down a call. One that its caller left says nothing about what is promised.</summary>
    public void Add(string? feature, LlmCall call)
    {
        if (call.Status is CallStatus.Cancelled or CallStatus.Abandoned)
            return;
        lock (_lock)
        {
            var page = PageOf(feature);
            page.Calls++;
            foreach (var outcome in call.Constraints)
            {
                if (!page.Tallies.TryGetValue(outcome.Name, out var tally))
                    page.Tallies.Add(outcome.Name, tally = new());
                tally.Met += outcome.Met ? 1 : 0;
                tally.Values.Add(outcome.Actual);
            }
        }
    }

    /// <summary>Takes down what a probe measured.</summary>
    public void Add(string? feature, MeasuredDisagreement measured)
    {
        lock (_lock)
            PageOf(feature).Disagreement = measured;
    }

    /// <summary>Writes the sheet of a feature, or of the calls whose feature has no constraints of its own.</summary>
    public LlmConstraintSheet SheetOf(string pipeline, string? feature, LlmConstraints declared)
    {
        lock (_lock)
        {
            var page = PageOf(feature);
            return new(pipeline, feature, page.Since, page.Calls, Lines(page, declared))
            {
                Tolerance = declared.Disagreement,
                Disagreement = page.Disagreement,
            };
        }
    }

    private Page PageOf(string? feature)
    {
        var name = feature ?? "";
        if (!_pages.TryGetValue(name, out var page))
            _pages.Add(name, page = new(time.GetUtcNow()));
        return page;
    }

    private static List<ConstraintLine> Lines(Page page, LlmConstraints declared)
    {
        var lines = new List<ConstraintLine>();
        Add(ConstraintJudge.Latency, (decimal?)declared.Latency?.TotalSeconds);
        Add(ConstraintJudge.FirstContent, (decimal?)declared.FirstContent?.TotalSeconds);
        Add(ConstraintJudge.Cost, declared.CostPerCall);
        Add(ConstraintJudge.InteractionCost, declared.CostPerInteraction);
        return lines;

        void Add(string name, decimal? limit)
        {
            if (limit is not { } most)
                return;
            var tally = page.Tallies.GetValueOrDefault(name) ?? new();
            lines.Add(new(name, most, tally.Values.Count, tally.Met, tally.Values.Quantile(0.5), tally.Values.Quantile(0.95), tally.Values.Greatest));
        }
    }

    private sealed class Page(DateTimeOffset since)
    {
        public DateTimeOffset Since => since;

        public long Calls { get; set; }

        public Dictionary<string, Tally> Tallies { get; } = new(StringComparer.Ordinal);

        public MeasuredDisagreement? Disagreement { get; set; }
    }

    private sealed class Tally
    {
        public long Met { get; set; }

        public Spread Values { get; } = new();
    }
}
