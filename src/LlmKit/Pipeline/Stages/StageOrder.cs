namespace LlmKit.Pipeline;

/// <summary>Checks the order of stages: two rules are errors, the others warn.</summary>
internal static class StageOrder
{
    private static readonly Dictionary<StagePlace, string> Reasons = new()
    {
        [StagePlace.Tracing] = "what stands outside tracing is not seen in its span",
        [StagePlace.Guardrails] = "stages outside the guardrails see texts before they are redacted",
        [StagePlace.Budget] = "what stands outside the budget is not covered by its step",
        [StagePlace.Idempotency] = "a repeated call should be answered before limits and caches count it again",
        [StagePlace.RateLimits] = "limits inside the cache do not count hits",
        [StagePlace.Cache] = "a cache after prompts or the router stores one answer for each of their choices",
        [StagePlace.Prompts] = "prompts added after the router miss its gates",
        [StagePlace.Variability] = "samples taken inside the router all come from one model's place in it",
        [StagePlace.Router] = "stages after the router are built once for each model",
        [StagePlace.Hedging] = "each attempt of a hedge should have its own retries, limits on time and permit of the circuit",
        [StagePlace.Resilience] = "retries outside the router repeat the whole dispatch",
    };

    public static void Check(IReadOnlyList<StageDescriptor> stages, List<string> failures, List<string> warnings)
    {
        var places = stages.Where(stage => stage.Place != StagePlace.Custom).ToList();
        for (var outer = 0; outer < places.Count; outer++)
        {
            for (var inner = outer + 1; inner < places.Count; inner++)
                CheckPair(places[outer], places[inner], failures, warnings);
        }

        if (stages.Count(stage => stage.IsFork) > 1)
            failures.Add("There are several routers. Keep one UseRouter and give it all the policies.");
    }

    private static void CheckPair(StageDescriptor outer, StageDescriptor inner, List<string> failures, List<string> warnings)
    {
        if (outer.Place == StagePlace.Router && inner.Place == StagePlace.Budget)
            failures.Add("The budget stands inside the router, so fallbacks would be reserved model by model. Move UseBudget before UseRouter.");
        else if (outer.Place == StagePlace.Cache && inner.Place == StagePlace.Guardrails)
            failures.Add("The guardrails stand inside the cache, so texts would be stored before they are redacted. Move UseGuardrails before UseSemanticCache.");
        else if (outer.Place == inner.Place)
            warnings.Add($"{outer.Name} is used twice.");
        else if (outer.Place > inner.Place)
            warnings.Add($"{outer.Name} stands outside {inner.Name}; the recommended order is the other way round: {Reasons[inner.Place]}.");
    }
}
