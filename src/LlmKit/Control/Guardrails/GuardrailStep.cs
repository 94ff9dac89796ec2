using LlmKit.Calls;

namespace LlmKit.Control.Guardrails;

/// <summary>What one rule said of one rail.</summary>
/// <param name="Rail">Where it looked.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Count">How often it matched; 1 for a rule about a text as a whole.</param>
public sealed record GuardrailStep(Rail Rail, RailVerdict Verdict, string Rule, int Count)
    : CallStep("guardrails", NameOf(Verdict), Rule)
{
    /// <summary>Gets how sure the rule is, from 0 to 1; <see langword="null"/> when it does not say. Low, medium and high of a detector count as 0.3, 0.6 and 0.9.</summary>
    public double? Score { get; init; }

    /// <summary>Gets whether the rule could look at the text at all. A rule that failed or took too long has passed nothing.</summary>
    public bool Evaluated { get; init; } = true;

    /// <summary>Gets what a guard named as its reason, such as a category; <see langword="null"/> when it named none.</summary>
    public string? Detail { get; init; }

    /// <summary>Gets where it matched: the first 32 places.</summary>
    public IReadOnlyList<RailSpan> Spans { get; init; } = [];

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.guardrails.rail", GuardrailTelemetry.NameOf(Rail)));
        tags.Add(new("llmkit.guardrails.rule", Rule));
        tags.Add(new("llmkit.guardrails.count", Count));
        if (!Evaluated)
            tags.Add(new("llmkit.guardrails.evaluated", false));
        if (Score is { } score)
            tags.Add(new("llmkit.guardrails.score", score));
    }

    /// <inheritdoc/>
    public override StepVerdict GetVerdict() => new(Rule, Evaluated ? GuardrailTelemetry.NameOf(Verdict) : GuardrailTelemetry.NotEvaluated)
    {
        Score = Score,
        Reason = Detail,
        Evaluated = Evaluated,
    };

    private static string NameOf(RailVerdict verdict) => verdict switch
    {
        RailVerdict.Block => "blocked",
        RailVerdict.Redact => "redacted",
        RailVerdict.Rewrite => "rewritten",
        RailVerdict.Flag => "flagged",
        _ => "allowed",
    };
}
