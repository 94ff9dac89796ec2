namespace LlmKit.Calls;

/// <summary>Says how a call that has ended stood to what is declared for it.</summary>
internal static class ConstraintJudge
{
    public const string Latency = "latency";
    public const string FirstContent = "first-content";
    public const string Cost = "cost";
    public const string InteractionCost = "interaction-cost";

    public static List<ConstraintOutcome> Judge(LlmCall call, LlmConstraints declared)
    {
        var outcomes = new List<ConstraintOutcome>(2);
        // What was cut off at the limit took exactly as long as the limit, and did not meet it.
        if (declared.Latency is { } latency)
            outcomes.Add(new(Latency, Seconds(latency), Seconds(call.Duration), call.Status == CallStatus.Completed ? call.Duration <= latency : call.Duration < latency));
        if (declared.FirstContent is { } first && call.IsStreaming)
            outcomes.Add(new(FirstContent, Seconds(first), Seconds(call.FirstContent ?? call.Duration), call.FirstContent is { } seen ? seen <= first : call.Status == CallStatus.Completed || call.Duration < first));
        if (declared.CostPerCall is { } cost)
            outcomes.Add(Of(Cost, cost, call.Cost));
        if (declared.CostPerInteraction is { } most)
            outcomes.Add(Of(InteractionCost, most, call.Interaction?.Cost ?? call.Cost));
        return outcomes;
    }

    private static ConstraintOutcome Of(string name, decimal limit, decimal spent) => new(name, limit, spent, spent <= limit);

    private static decimal Seconds(TimeSpan time) => (decimal)time.TotalSeconds;
}
