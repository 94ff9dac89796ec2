using LlmKit.Control.Guardrails;
using LlmKit.Text;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>The rules of a guardrail.</summary>
/// <remarks>
/// Settings: change them only while the pipeline is being configured. Scalars and the deny list are bound from <c>LlmKit:&lt;pipeline&gt;:Guardrails</c>,
/// for one tenant or feature from <c>Tenants:&lt;name&gt;</c> and <c>Features:&lt;name&gt;</c> below it; rules come from code.
/// </remarks>
public sealed partial class GuardrailOptions
{
    /// <summary>Gets or sets whether rails only record what they would have done.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

    /// <summary>Gets or sets what the caller gets when a rail blocks.</summary>
    /// <value><see cref="WhenBlocked.Answer"/> by default.</value>
    public WhenBlocked WhenBlocked { get; set; }

    /// <summary>Gets or sets the answer in place of a blocked one.</summary>
    /// <value>A neutral sentence by default. In a conversation that is kept as texts, an answer of just these words tells that the turn before it was refused.</value>
    public string BlockedAnswer { get; set; } = "This request cannot be answered.";

    /// <summary>Gets or sets the terms that block, as whole words and whatever their case, in all texts.</summary>
    /// <value>Empty by default; thousands are fine. A list in the configuration takes the place of this one.</value>
    public IReadOnlyList<string> DeniedTerms { get; set; } = [];

    /// <summary>Gets or sets what rules of tenants mean for a call that does not say whose it is.</summary>
    /// <value><see cref="MissingIdentity.Refuse"/> by default: once any tenant has rules of its own, such a call is refused. Otherwise the common rules hold.</value>
    public MissingIdentity MissingIdentity { get; set; }

    /// <summary>Gets or sets the most characters of a stream that are held back while a candidate is undecided.</summary>
    /// <value>128 or more; 1,024 by default.</value>
    public int MaxHoldback { get; set; } = 1_024;

    /// <summary>Gets or sets what happens to a candidate in a stream that is longer than <see cref="MaxHoldback"/> and still undecided.</summary>
    /// <value><see cref="HoldbackOverflow.Redact"/> by default.</value>
    public HoldbackOverflow OnOverflow { get; set; } = HoldbackOverflow.Redact;

    /// <summary>Gets or sets what stands in the place of redacted text, for rules that say nothing else.</summary>
    /// <value>The kind in brackets by default, such as <c>[EMAIL]</c>.</value>
    public RedactionStyle Style { get; set; } = RedactionStyle.Label;

    /// <summary>Gets or sets the most characters of a request, its instructions and all its texts together; a longer one is blocked before anything else looks at it.</summary>
    /// <value><see langword="null"/> by default, for no limit.</value>
    public int? MostRequestLength { get; set; }

    /// <summary>Gets or sets the most characters of an answer; a longer one is cut off there, and the model is left.</summary>
    /// <value><see langword="null"/> by default, for no limit. The finish reason of a cut answer is <c>length</c>.</value>
    public int? MostAnswerLength { get; set; }

    /// <summary>Gets or sets how many characters of an answer may repeat the same, eight times or more, before it is cut off and the model is left.</summary>
    /// <value><see langword="null"/> by default, for no limit; 128 or more. 600 is a good choice.</value>
    public int? MostRepetition { get; set; }

    /// <summary>Gets or sets whether findings are also added to the current span under the names of OpenTelemetry's draft for guardrails, which may change.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DraftTelemetry { get; set; }

    internal void Bind(IConfiguration section)
    {
        Observe = section.GetValue(nameof(Observe), Observe);
        MissingIdentity = section.GetValue(nameof(MissingIdentity), MissingIdentity);
        WhenBlocked = section.GetValue(nameof(WhenBlocked), WhenBlocked);
        BlockedAnswer = section.GetValue(nameof(BlockedAnswer), BlockedAnswer) ?? BlockedAnswer;
        MaxHoldback = section.GetValue(nameof(MaxHoldback), MaxHoldback);
        OnOverflow = section.GetValue(nameof(OnOverflow), OnOverflow);
        MostRequestLength = section.GetValue(nameof(MostRequestLength), MostRequestLength);
        MostAnswerLength = section.GetValue(nameof(MostAnswerLength), MostAnswerLength);
        MostRepetition = section.GetValue(nameof(MostRepetition), MostRepetition);
        DraftTelemetry = section.GetValue(nameof(DraftTelemetry), DraftTelemetry);
        var terms = section.GetSection(nameof(DeniedTerms)).GetChildren().Select(child => child.Value).OfType<string>().ToArray();
        if (terms.Length > 0)
            DeniedTerms = terms;
        if (section.GetSection(nameof(Tools)) is var tools && tools.Exists())
            (Tools ??= new()).Bind(tools);
        foreach (var tenant in section.GetSection(nameof(Tenants)).GetChildren())
            ForTenant(tenant.Key, own => own.Bind(tenant));
        foreach (var feature in section.GetSection(nameof(Features)).GetChildren())
            ForFeature(feature.Key, own => own.Bind(feature));
    }
}
