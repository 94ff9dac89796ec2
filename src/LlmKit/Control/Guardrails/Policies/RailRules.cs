using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>The rules of one rail, compiled.</summary>
internal sealed class RailRules
{
    private readonly GuardrailRule[] _enforced;
    private readonly GuardrailRule[] _watching;
    private readonly GuardrailRule[] _tried;

    public RailRules(GuardrailOptions options, Rail rail)
    {
        var rules = options.RulesOf(rail);
        _enforced = [.. rules.Where(rule => rule.Verdict != RailVerdict.Flag && !rule.Observed)];
        _watching = [.. rules.Where(rule => rule.Verdict == RailVerdict.Flag || rule.Observed)];
        _tried = [.. _watching.Where(rule => rule.Observed)];
        Redactor = RedactorOf(options, _enforced, rail);
        Watcher = RedactorOf(options, _watching, rail);
        Flagger = RedactorOf(options, [.. _watching.Where(rule => !rule.Observed)], rail);
        Trial = RedactorOf(options, _tried, rail);
        IsReversible = Array.Exists(_enforced, rule => rule.StyleIn(options.Style).IsReversible);
        Injections = [.. options.Injections.Where(rule => rule.Rails.HasFlag(rail))];
        Topics = [.. options.Topics.Where(rule => rule.Rails.HasFlag(rail))];
        Guards = [.. options.Guards.Where(rule => rule.Rails.HasFlag(rail))];
    }

    /// <summary>Gets what takes texts apart; <see langword="null"/> when no rule does.</summary>
    public TextRedactor? Redactor { get; }

    /// <summary>Gets what only looks; <see langword="null"/> when no rule does.</summary>
    public TextRedactor? Watcher { get; }

    /// <summary>Gets what looks for what is flagged; <see langword="null"/> when no rule does.</summary>
    public TextRedactor? Flagger { get; }

    /// <summary>Gets what looks for rules that are only tried; <see langword="null"/> when none are. Matches of both kinds would be merged and one be forgotten.</summary>
    public TextRedactor? Trial { get; }

    public InjectionRule[] Injections { get; }

    public TopicRule[] Topics { get; }

    public GuardRule[] Guards { get; }

    public bool IsIdle => Redactor is null && Watcher is null && Injections.Length == 0 && Topics.Length == 0 && Guards.Length == 0;

    /// <summary>Gets whether what a rule takes out can be put back.</summary>
    public bool IsReversible { get; }

    /// <summary>Adds what watching rules found.</summary>
    public void AddWatched(RailContext context, Rail rail, IReadOnlyList<TextHit> hits, int message) => Add(_watching, context, rail, hits, message);

    /// <summary>Adds what rules found that are only tried.</summary>
    public void AddTried(RailContext context, Rail rail, IReadOnlyList<TextHit> hits, int message) => Add(_tried, context, rail, hits, message);

    private static void Add(GuardrailRule[] rules, RailContext context, Rail rail, IReadOnlyList<TextHit> hits, int message)
    {
        if (hits.Count == 0)
            return;
        foreach (var owner in hits.Where(hit => hit.Owner != TextRedactor.Nobody).GroupBy(hit => hit.Owner))
            context.Findings.Add(rail, rules[owner.Key].Verdict, owner, message, rules[owner.Key].Observed);
    }

    private static TextRedactor? RedactorOf(GuardrailOptions options, GuardrailRule[] rules, Rail rail) =>
        rules.Length == 0 ? null : TextRedactor.Of(
            rules.Select(rule => new TextRule(rule.Detector, rule.Verdict == RailVerdict.Block && !rule.Observed ? null : StyleOn(rail, rule.StyleIn(options.Style)))),
            new() { MaxHoldback = options.MaxHoldback, OnOverflow = options.OnOverflow, Style = StyleOn(rail, options.Style) });

    // Placeholders stand for what the request brought. What the answer holds of itself is nobody's to put back.
    private static RedactionStyle StyleOn(Rail rail, RedactionStyle style) =>
        style.IsReversible && rail is (Rail.Output or Rail.ToolCall) ? RedactionStyle.Label : style;
}
