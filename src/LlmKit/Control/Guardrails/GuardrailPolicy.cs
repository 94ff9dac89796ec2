using LlmKit.Text;
using LlmKit.Text.Injection;

namespace LlmKit.Control.Guardrails;

/// <summary>A guardrail's rules, compiled once for a snapshot.</summary>
internal sealed class GuardrailPolicy
{
    private GuardrailPolicy(GuardrailOptions options)
    {
        Observe = options.Observe;
        WhenBlocked = options.WhenBlocked;
        BlockedAnswer = options.BlockedAnswer;
        Injection = options.BlocksInjection ? InjectionDetector.Default : null;
        var rules = options.Rules.ToList();
        if (options.DeniedTerms.Count > 0)
            rules.Add(new(Rail.Both, RailVerdict.Block, TextDetectors.Terms(options.DeniedTerms, "denied-term")));
        Input = Redactor(options, rules, Rail.Input);
        Output = Redactor(options, rules, Rail.Output);
    }

    public bool Observe { get; }

    public WhenBlocked WhenBlocked { get; }

    public string BlockedAnswer { get; }

    /// <summary>Gets what recognises attempts to override the instructions; <see langword="null"/> when no rule asks for it.</summary>
    public InjectionDetector? Injection { get; }

    /// <summary>Gets what looks at requests; <see langword="null"/> when no rule does.</summary>
    public TextRedactor? Input { get; }

    /// <summary>Gets what looks at answers; <see langword="null"/> when no rule does.</summary>
    public TextRedactor? Output { get; }

    public static GuardrailPolicy Compile(GuardrailOptions options, List<string> failures)
    {
        if (options.MaxHoldback < TextRedactorOptions.LeastMaxHoldback)
            failures.Add($"The hold-back of '{options.MaxHoldback}' characters is too small to see a match. Set GuardrailOptions.MaxHoldback to {TextRedactorOptions.LeastMaxHoldback} or more.");
        if (string.IsNullOrWhiteSpace(options.BlockedAnswer))
            failures.Add("The answer in place of a blocked one is empty. Set GuardrailOptions.BlockedAnswer.");
        if (!Enum.IsDefined(options.WhenBlocked))
            failures.Add($"'{options.WhenBlocked}' is not a value of WhenBlocked. Use Answer or Throw.");
        if (options.DeniedTerms is null)
            failures.Add("GuardrailOptions.DeniedTerms is null. Leave it empty for none.");
        for (var i = 0; i < options.DeniedTerms?.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.DeniedTerms[i]))
                failures.Add($"The denied term at the index '{i}' is blank. Remove it from GuardrailOptions.DeniedTerms, or give a word.");
        }

        if (options.Style is null)
            failures.Add("GuardrailOptions.Style is null. Use a style such as RedactionStyle.Label.");
        foreach (var rail in options.Rules.Select(rule => rule.Rail).Where(rail => rail == Rail.None || (rail & ~Rail.Both) != Rail.None).Distinct())
            failures.Add($"The rail '{rail:D}' of a rule is none or unknown, so the rule would never look at anything. Use Rail.Input, Rail.Output or Rail.Both.");
        if (options.Rules.Count == 0 && options.DeniedTerms?.Count == 0 && !options.BlocksInjection)
            failures.Add("The guardrails have no rule. Add one, such as UseGuardrails(g => g.RedactPersonalData().RedactSecrets()).");
        return new(failures.Count > 0 ? new() : options);
    }

    private static TextRedactor? Redactor(GuardrailOptions options, List<GuardrailRule> rules, Rail rail)
    {
        var detectors = rules.Where(rule => rule.Rail.HasFlag(rail))
            .Select(rule => rule.Verdict == RailVerdict.Block ? new BlockingDetector(rule.Detector) : rule.Detector)
            .ToList();
        return detectors.Count == 0 ? null : new(detectors, new() { MaxHoldback = options.MaxHoldback, Style = options.Style });
    }
}
