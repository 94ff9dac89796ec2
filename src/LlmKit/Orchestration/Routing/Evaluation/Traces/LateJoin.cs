namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>Joins the late outcomes of a file to its traces: by the decision's id, or by that of the call to the decision that answered.</summary>
/// <remarks>The one that was said last counts, wherever it stands; any of them counts before what the trace's own line says. Shadows that were scored beside another source's outcome go with it.</remarks>
internal static class LateJoin
{
    public static RoutingTraceReading Of(List<RoutingTrace> traces, List<LateOutcome> late, List<int> torn)
    {
        if (late.Count == 0)
            return new(traces, torn);
        var (places, joined, duplicates) = (PlacesOf(traces), 0, 0);
        foreach (var outcome in late.OrderBy(outcome => outcome.Time))
        {
            if (!places.TryGetValue(outcome.Of, out var place))
                continue;
            var (trace, former) = (traces[place], traces[place].Outcome);
            if (former is not null)
                duplicates++;
            traces[place] = trace with { Outcome = outcome.Outcome, Shadows = former is null || former.Source == outcome.Outcome.Source ? trace.Shadows : null };
            joined++;
        }

        return new(traces, torn) { Late = joined, Duplicates = duplicates, Unknown = late.Count - joined };
    }

    private static Dictionary<string, int> PlacesOf(List<RoutingTrace> traces)
    {
        var places = new Dictionary<string, int>(2 * traces.Count, StringComparer.Ordinal);
        for (var i = 0; i < traces.Count; i++)
        {
            places[traces[i].Id] = i;
            if (traces[i].IsAnswer)
                places[traces[i].CallId] = i;
        }

        return places;
    }
}
