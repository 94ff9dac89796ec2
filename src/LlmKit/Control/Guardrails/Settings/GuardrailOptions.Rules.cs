using LlmKit.Control.Guardrails;
using LlmKit.Text;

namespace LlmKit;

public sealed partial class GuardrailOptions
{
    internal List<GuardrailRule> Rules { get; private set; } = [];

    internal List<InjectionRule> Injections { get; private set; } = [];

    /// <summary>Redacts e-mail addresses, payment cards, IBANs, telephone numbers and more: what <see cref="TextDetectors.PersonalData"/> finds.</summary>
    /// <param name="rails">Where.</param>
    /// <param name="style">What stands in its place; <see langword="null"/> for <see cref="Style"/>.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RedactPersonalData(Rail rails = Rail.Texts, RedactionStyle? style = null) => Add(rails, RailVerdict.Redact, style, [.. TextDetectors.PersonalData]);

    /// <summary>Redacts API keys, tokens, private keys and passwords in URLs.</summary>
    /// <param name="rails">Where.</param>
    /// <param name="style">What stands in its place; <see langword="null"/> for <see cref="Style"/>.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RedactSecrets(Rail rails = Rail.Texts, RedactionStyle? style = null) => Add(rails, RailVerdict.Redact, style, [TextDetectors.Secrets]);

    /// <summary>Redacts what detectors find.</summary>
    /// <param name="rails">Where.</param>
    /// <param name="detectors">The detectors.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Redact(Rail rails, params ISpanDetector[] detectors) => Add(rails, RailVerdict.Redact, null, detectors);

    /// <summary>Redacts what detectors find.</summary>
    /// <param name="rails">Where.</param>
    /// <param name="style">What stands in its place.</param>
    /// <param name="detectors">The detectors.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Redact(Rail rails, RedactionStyle style, params ISpanDetector[] detectors)
    {
        ArgumentNullException.ThrowIfNull(style);
        return Add(rails, RailVerdict.Redact, style, detectors);
    }

    /// <summary>Blocks when detectors find something. Of an answer that streams, nothing from the match on is shown.</summary>
    /// <param name="rails">Where.</param>
    /// <param name="detectors">The detectors.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Block(Rail rails, params ISpanDetector[] detectors) => Add(rails, RailVerdict.Block, null, detectors);

    /// <summary>Records when detectors find something, and changes nothing.</summary>
    /// <param name="rails">Where.</param>
    /// <param name="detectors">The detectors.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Flag(Rail rails, params ISpanDetector[] detectors) => Add(rails, RailVerdict.Flag, null, detectors);

    /// <summary>Blocks new messages of users, documents and tools that try to override the instructions. Heuristic: a first layer, not a proof.</summary>
    /// <remarks>In earlier turns such a text was blocked then; it is sent no more, and does not block the conversation.</remarks>
    /// <param name="rails">Where in the request.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions BlockPromptInjection(Rail rails = Rail.Request) => Add(rails, RailVerdict.Block);

    /// <summary>Takes documents and tool results that try to override the instructions out of the request, and goes on without them.</summary>
    /// <param name="rails">Where in the request.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RemovePromptInjection(Rail rails = Rail.Untrusted) => Add(rails, RailVerdict.Rewrite);

    /// <summary>Records attempts to override the instructions, and changes nothing.</summary>
    /// <param name="rails">Where in the request.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions FlagPromptInjection(Rail rails = Rail.Request) => Add(rails, RailVerdict.Flag);

    /// <summary>Blocks terms in all texts, as whole words and whatever their case.</summary>
    /// <param name="terms">The terms.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions DenyTerms(params string[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (_observed)
            TriedTerms = [.. TriedTerms, .. terms];
        else
            DeniedTerms = [.. DeniedTerms, .. terms];
        return this;
    }

    /// <summary>Gives the rules about parts of texts on a rail.</summary>
    internal List<GuardrailRule> RulesOf(Rail rail)
    {
        var rules = Rules.Where(rule => rule.Rails.HasFlag(rail)).ToList();
        if (DeniedTerms.Count > 0 && Rail.Texts.HasFlag(rail))
            rules.Add(new(Rail.Texts, RailVerdict.Block, DetectorOf(DeniedTerms, ref _deniedTerms), null, Observed: false));
        if (TriedTerms.Count > 0 && Rail.Texts.HasFlag(rail))
            rules.Add(new(Rail.Texts, RailVerdict.Block, DetectorOf(TriedTerms, ref _triedTerms), null, Observed: true));
        return rules;
    }

    private (IReadOnlyList<string>? Terms, ISpanDetector? Detector) _deniedTerms;
    private (IReadOnlyList<string>? Terms, ISpanDetector? Detector) _triedTerms;

    /// <summary>Lists of thousands of terms are compiled once for all rails, and for all tenants that share them.</summary>
    private static ISpanDetector DetectorOf(IReadOnlyList<string> terms, ref (IReadOnlyList<string>? Terms, ISpanDetector? Detector) made)
    {
        if (!ReferenceEquals(made.Terms, terms))
            made = (terms, TextDetectors.Terms(terms, "denied-term"));
        return made.Detector!;
    }

    private GuardrailOptions Add(Rail rails, RailVerdict verdict)
    {
        Injections.Add(new(rails, verdict, _observed));
        return this;
    }

    private GuardrailOptions Add(Rail rails, RailVerdict verdict, RedactionStyle? style, ISpanDetector[] detectors)
    {
        ArgumentNullException.ThrowIfNull(detectors);
        if (Array.IndexOf(detectors, null) is var missing and >= 0)
            throw new ArgumentException($"The detector at the index '{missing}' is null. Remove it or give one, such as TextDetectors.Secrets.", nameof(detectors));
        foreach (var detector in detectors)
            Rules.Add(new(rails, verdict, detector, style, _observed));
        return this;
    }
}
