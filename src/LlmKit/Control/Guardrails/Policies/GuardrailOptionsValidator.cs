using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>Checks the rules of guardrails, all failures at once.</summary>
internal static class GuardrailOptionsValidator
{
    private const int MostRepairs = 5;
    private const int LeastRepetition = 128;

    public static void Check(GuardrailOptions options, List<string> failures)
    {
        CheckSettings(options, failures);
        CheckTerms(options.DeniedTerms, failures);
        CheckTerms(options.TriedTerms, failures);
        CheckTrials(options, failures);
        foreach (var rails in options.Rules.Select(rule => rule.Rails).Concat(options.Injections.Select(rule => rule.Rails)).Concat(options.Guards.Select(rule => rule.Rails)).Where(IsWrong).Distinct())
            failures.Add($"The rail '{rails:D}' of a rule is none or unknown, so the rule would never look at anything. Use rails such as Rail.Input, Rail.Output or Rail.Texts.");
        foreach (var rails in options.Injections.Select(rule => rule.Rails).Where(rails => !IsWrong(rails)).Select(rails => rails & ~Rail.Request).Where(rails => rails != Rail.None).Distinct())
            failures.Add($"Prompt injection is looked for in requests, and the rail '{rails}' is none of them. Use Rail.Request, Rail.Input, Rail.Retrieved or Rail.ToolResult, and a guard or a judge for what the model says.");
        foreach (var guard in options.Guards)
            guard.Options.Check(guard.Guard.Name, failures);
        foreach (var guard in options.Guards.GroupBy(rule => (rule.Guard.Name, rule.Rails)).Where(group => group.Count() > 1))
            failures.Add($"The guard '{guard.Key.Name}' is added twice for the same rails. Give each a name of its own, or remove one.");
        if (options.Format?.Options.MostRepairs is < 0 or > MostRepairs)
            failures.Add($"The number of repairs '{options.Format.Options.MostRepairs}' is outside 0 to {MostRepairs}. Set FormatOptions.MostRepairs.");
        // It takes the rules as they are, so they must be right.
        if (failures.Count == 0)
            BindingCheck.Check(options, failures);
    }

    private static bool IsWrong(Rail rails) => rails == Rail.None || (rails & ~Rail.All) != Rail.None;

    private static void CheckSettings(GuardrailOptions options, List<string> failures)
    {
        if (options.MaxHoldback < TextRedactorOptions.LeastMaxHoldback)
            failures.Add($"The hold-back of '{options.MaxHoldback}' characters is too small to see a match. Set GuardrailOptions.MaxHoldback to {TextRedactorOptions.LeastMaxHoldback} or more.");
        if (string.IsNullOrWhiteSpace(options.BlockedAnswer))
            failures.Add("The answer in place of a blocked one is empty. Set GuardrailOptions.BlockedAnswer.");
        if (!Enum.IsDefined(options.WhenBlocked))
            failures.Add($"'{options.WhenBlocked}' is not a value of WhenBlocked. Use Answer or Throw.");
        if (!Enum.IsDefined(options.OnOverflow))
            failures.Add($"'{options.OnOverflow}' is not a value of HoldbackOverflow. Use Redact, Block or Release.");
        if (options.Style is null)
            failures.Add("GuardrailOptions.Style is null. Use a style such as RedactionStyle.Label.");
        if (options.MostRequestLength < 1)
            failures.Add($"The limit of '{options.MostRequestLength}' characters for a request lets nothing pass. Set GuardrailOptions.MostRequestLength to 1 or more, or leave it unset.");
        if (options.MostAnswerLength < 1)
            failures.Add($"The limit of '{options.MostAnswerLength}' characters for an answer lets nothing pass. Set GuardrailOptions.MostAnswerLength to 1 or more, or leave it unset.");
        if (options.MostRepetition < LeastRepetition)
            failures.Add($"A repetition of '{options.MostRepetition}' characters is nothing strange. Set GuardrailOptions.MostRepetition to {LeastRepetition} or more, or leave it unset.");
    }

    private static void CheckTrials(GuardrailOptions options, List<string> failures)
    {
        foreach (var name in options.Untriable.Distinct())
            failures.Add($"'{name}' was used inside GuardrailOptions.Observed, where it would act all the same. Use it outside, or try all rules with GuardrailOptions.Observe.");
        if (options.TriedTools?.Approval is not null)
            failures.Add("'Approve' was used inside GuardrailOptions.Observed, where somebody would be asked for nothing. Use it outside.");
    }

    private static void CheckTerms(IReadOnlyList<string>? terms, List<string> failures)
    {
        if (terms is null)
            failures.Add("GuardrailOptions.DeniedTerms is null. Leave it empty for none.");
        for (var i = 0; i < terms?.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(terms[i]))
                failures.Add($"The denied term at the index '{i}' is blank. Remove it from GuardrailOptions.DeniedTerms, or give a word.");
        }
    }

    /// <summary>Whether nobody's calls are held to any rule.</summary>
    public static bool IsEmpty(GuardrailOptions options) =>
        options.Tenants.Count == 0 && options.Features.Count == 0 && options.Rules.Count == 0 && options.DeniedTerms?.Count == 0 && options.Injections.Count == 0 && options.Guards.Count == 0 && options.Topics.Count == 0 && options.SpotlightsBy is null && options.Leak is null && options.Format is null
        && options.Tools is null && options.TriedTools is null && options.TriedTerms.Count == 0 && options.Bindings.Count == 0 && options.MostRequestLength is null && options.MostAnswerLength is null && options.MostRepetition is null;
}
