using LlmKit.Control.Guardrails;
using LlmKit.Text;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>The rules of a guardrail.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. Scalars and the deny list are bound from <c>LlmKit:&lt;pipeline&gt;:Guardrails</c>; detectors come from code.</remarks>
public sealed class GuardrailOptions
{
    /// <summary>Gets or sets whether rails only record what they would have done.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

    /// <summary>Gets or sets what the caller gets when a rail blocks.</summary>
    /// <value><see cref="WhenBlocked.Answer"/> by default.</value>
    public WhenBlocked WhenBlocked { get; set; }

    /// <summary>Gets or sets the answer in place of a blocked one.</summary>
    /// <value>A neutral sentence by default.</value>
    public string BlockedAnswer { get; set; } = "This request cannot be answered.";

    /// <summary>Gets or sets the terms that block, as whole words and whatever their case, on both rails.</summary>
    /// <value>Empty by default; thousands are fine. A list in the configuration takes the place of this one.</value>
    public IReadOnlyList<string> DeniedTerms { get; set; } = [];

    /// <summary>Gets or sets the most characters of a stream that are held back while a candidate is undecided.</summary>
    /// <value>128 or more; 1,024 by default. A longer candidate is redacted.</value>
    public int MaxHoldback { get; set; } = 1_024;

    /// <summary>Gets or sets what stands in the place of redacted text.</summary>
    /// <value>The kind in brackets by default, such as <c>[EMAIL]</c>.</value>
    public RedactionStyle Style { get; set; } = RedactionStyle.Label;

    internal List<GuardrailRule> Rules { get; } = [];

    /// <summary>Redacts e-mail addresses, payment cards, IBANs, telephone and social security numbers.</summary>
    /// <param name="rail">Where.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RedactPersonalData(Rail rail = Rail.Both) => Redact(rail, [.. TextDetectors.PersonalData]);

    /// <summary>Redacts API keys, tokens, private keys and passwords in URLs.</summary>
    /// <param name="rail">Where.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RedactSecrets(Rail rail = Rail.Both) => Redact(rail, TextDetectors.Secrets);

    /// <summary>Redacts what detectors find.</summary>
    /// <param name="rail">Where.</param>
    /// <param name="detectors">The detectors.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Redact(Rail rail, params ISpanDetector[] detectors) => Add(rail, RailVerdict.Redact, detectors);

    /// <summary>Blocks when detectors find something.</summary>
    /// <param name="rail">Where.</param>
    /// <param name="detectors">The detectors.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Block(Rail rail, params ISpanDetector[] detectors) => Add(rail, RailVerdict.Block, detectors);

    /// <summary>Blocks new messages of users and tools that try to override the instructions. Heuristic: a first layer, not a proof.</summary>
    /// <returns>These options.</returns>
    public GuardrailOptions BlockPromptInjection()
    {
        BlocksInjection = true;
        return this;
    }

    /// <summary>Blocks terms on both rails, as whole words and whatever their case.</summary>
    /// <param name="terms">The terms.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions DenyTerms(params string[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        DeniedTerms = [.. DeniedTerms, .. terms];
        return this;
    }

    internal bool BlocksInjection { get; private set; }

    internal void Bind(IConfiguration section)
    {
        Observe = section.GetValue(nameof(Observe), Observe);
        WhenBlocked = section.GetValue(nameof(WhenBlocked), WhenBlocked);
        BlockedAnswer = section.GetValue(nameof(BlockedAnswer), BlockedAnswer) ?? BlockedAnswer;
        MaxHoldback = section.GetValue(nameof(MaxHoldback), MaxHoldback);
        var terms = section.GetSection(nameof(DeniedTerms)).GetChildren().Select(child => child.Value).OfType<string>().ToArray();
        if (terms.Length > 0)
            DeniedTerms = terms;
    }

    private GuardrailOptions Add(Rail rail, RailVerdict verdict, ISpanDetector[] detectors)
    {
        ArgumentNullException.ThrowIfNull(detectors);
        if (Array.IndexOf(detectors, null) is var missing and >= 0)
            throw new ArgumentException($"The detector at the index '{missing}' is null. Remove it or give one, such as TextDetectors.Secrets.", nameof(detectors));
        foreach (var detector in detectors)
            Rules.Add(new(rail, verdict, detector));
        return this;
    }
}
