using LlmKit.Calls;

namespace LlmKit.Control.Guardrails;

/// <summary>What one rule said of one rail.</summary>
/// <param name="Rail">Where it looked.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Count">How often it matched.</param>
public sealed record GuardrailStep(Rail Rail, Verdict Verdict, string Rule, int Count)
    : CallStep("guardrails", NameOf(Verdict), Rule)
{
    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.guardrails.rail", Rail == Rail.Input ? "input" : "output"));
        tags.Add(new("llmkit.guardrails.rule", Rule));
        tags.Add(new("llmkit.guardrails.count", Count));
    }

    private static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Block => "blocked",
        Verdict.Redact => "redacted",
        Verdict.Rewrite => "rewritten",
        Verdict.Flag => "flagged",
        _ => "allowed",
    };
}
