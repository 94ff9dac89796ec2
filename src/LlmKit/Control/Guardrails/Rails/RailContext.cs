using LlmKit.Calls;
using LlmKit.Text;
using LlmKit.Text.Placeholders;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>What the rails of one call share.</summary>
internal sealed class RailContext(GuardrailPolicy policy, LlmCall call, RailSurroundings surroundings)
{
    private readonly Lock _replacing = new();
    private RailFindings? _findings;
    private PlaceholderMap? _placeholders;

    public GuardrailPolicy Policy => policy;

    public LlmCall Call => call;

    public TimeProvider Time => surroundings.Time;

    public Func<string, IChatClient>? GetModel => surroundings.GetModel;

    /// <summary>Gets what was found. Guards add to it side by side.</summary>
    public RailFindings Findings => _findings
        ?? Interlocked.CompareExchange(ref _findings, new(call, policy.Observe, policy.DraftTelemetry, surroundings.Logger), null) ?? _findings;

    /// <summary>Gets the placeholders of the request.</summary>
    public PlaceholderMap Placeholders => _placeholders ??= new();

    /// <summary>Gets whether values were taken out of the request that an answer may name.</summary>
    public bool HasPlaceholders => _placeholders is { IsEmpty: false };

    /// <summary>Gets the request as it goes to the model.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; set; } = [];

    /// <summary>Gets the options as they go to the model.</summary>
    public ChatOptions Options { get; set; } = new();

    /// <summary>Gets what takes the texts of the answer apart; <see langword="null"/> when no rule does.</summary>
    public TextRedactor? AnswerRedactor { get; private set; } = policy.RulesOf(Rail.Output).Redactor;

    /// <summary>Gets what stops this request's confidential texts wherever they come out; <see langword="null"/> when nothing does.</summary>
    public TextRedactor? LeakRedactor { get; private set; }

    /// <summary>Gets what only looks for this request's confidential texts; <see langword="null"/> when nothing does.</summary>
    public TextRedactor? LeakWatcher { get; private set; }

    /// <summary>Adds rules for the answer that only this request gives.</summary>
    public void Protect(TextRule[] leaks, bool observed)
    {
        if (leaks.Length == 0)
            return;
        var redactor = TextRedactor.Of(leaks, policy.AnswerSettings);
        (LeakRedactor, LeakWatcher) = (observed ? null : redactor, observed ? redactor : null);
        if (!observed)
            AnswerRedactor = TextRedactor.Of(AnswerRedactor is null ? leaks : [.. AnswerRedactor.Rules, .. leaks], policy.AnswerSettings);
    }

    /// <summary>Puts the rules' replacements in the place of what a guard found. What a request holds can come back; what an answer holds of itself cannot.</summary>
    public string Replace(Rail rail, string text, IReadOnlyList<TextHit> hits)
    {
        if (rail is Rail.Output or Rail.ToolCall)
            return policy.PlainForAnswers.Replace(text, hits, new());
        // Guards of several texts end side by side.
        lock (_replacing)
            return policy.Plain.Replace(text, hits, Placeholders);
    }

    /// <summary>Adds matches of detectors, if there are any.</summary>
    public void Found(Rail rail, RailVerdict verdict, IReadOnlyList<TextHit> hits, int message, bool observed = false)
    {
        if (hits.Count > 0)
            Findings.Add(rail, verdict, hits, message, observed);
    }

    /// <summary>Records what was found since the last time.</summary>
    public void Record() => _findings?.Record();

    /// <summary>Mixes what was taken out of a text into the call's salt: requests that look equal now are not.</summary>
    public void Salt(string text, IReadOnlyList<TextHit> hits)
    {
        if (!policy.Observe && hits.Count > 0)
            call.AddSalt(Convert.FromHexString(RedactionFingerprint.PerProcess.Compute(text, hits)));
    }

    /// <summary>Mixes a whole text that was replaced into the call's salt.</summary>
    public void Salt(string text) => Salt(text, [new TextHit("text", "TEXT", 0, text.Length, DetectionScore.High)]);

    /// <exception cref="LlmConfigurationException">The guardrails stand alone.</exception>
    public IChatClient ModelNamed(string name) => surroundings.GetModel?.Invoke(name)
        ?? throw new LlmConfigurationException([$"The model '{name}' is one of a pipeline, and the guardrails stand alone. Leave FormatOptions.EscalateTo unset."]);
}
