using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>Checks that what is kept in regions or on models is found: a slip in a name would let it go anywhere.</summary>
internal static class BindingCheck
{
    public static void Check(GuardrailOptions options, List<string> failures)
    {
        if (options.Bindings.Count == 0 || options.DeniedTerms is null)
            return;
        var detectors = Detectors(options);
        if (detectors.Count == 0)
        {
            failures.Add("Data is kept in regions or on models, and no rule looks for any in requests, so nothing would ever be bound. Add one, such as Flag(Rail.Request, TextDetectors.PaymentCard).");
            return;
        }

        // A detector of the user's own does not say what it finds.
        if (DetectorEntities.OfAll(detectors) is not { } found)
            return;
        foreach (var entity in options.Bindings.SelectMany(binding => binding.Entities).Distinct(StringComparer.Ordinal).Where(entity => !found.Contains(entity, StringComparer.Ordinal)))
            failures.Add($"'{entity}' is kept in regions or on models, and no rule finds it in requests, so it would never be bound. Found are {string.Join(", ", found)}: correct the name, or add a rule such as Flag(Rail.Request, …).");
    }

    private static HashSet<ISpanDetector> Detectors(GuardrailOptions options) =>
    [
        .. new[] { Rail.Input, Rail.Retrieved, Rail.ToolResult }.SelectMany(options.RulesOf).Where(rule => !rule.Observed).Select(rule => rule.Detector),
    ];
}
