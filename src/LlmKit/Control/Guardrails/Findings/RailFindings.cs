using LlmKit.Calls;
using LlmKit.Text;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Guardrails;

/// <summary>Collects what rails find in one call, and records it: a step and a measurement for each rule, never a text.</summary>
/// <remarks>Thread-safe: guards work side by side.</remarks>
internal sealed class RailFindings(LlmCall call, bool observe, bool draftTelemetry, ILogger logger)
{
    private const int MostSpans = 32;

    private readonly Lock _lock = new();
    private List<RailFinding>? _found;

    /// <summary>Whether an exception is a rule's own: not one that the caller's leaving brings about.</summary>
    public static bool IsFailureOfARule(Exception exception, CancellationToken cancellationToken) =>
        exception is not OutOfMemoryException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    /// <summary>Adds what one rule found.</summary>
    public void Add(RailFinding finding)
    {
        lock (_lock)
            (_found ??= []).Add(finding);
    }

    /// <summary>Adds the matches of detectors, one finding for each rule.</summary>
    public void Add(Rail rail, RailVerdict verdict, IEnumerable<TextHit> hits, int message, bool observed)
    {
        foreach (var rule in hits.GroupBy(hit => hit.Rule, StringComparer.Ordinal))
        {
            Add(new(rail, verdict, rule.Key, observed)
            {
                Score = rule.Max(hit => Sureness(hit.Score)),
                Spans = [.. rule.Select(hit => new RailSpan(message, hit.Start, hit.Length))],
            });
        }
    }

    /// <summary>Adds that a rule failed: it has evaluated nothing.</summary>
    public void AddFailure(Rail rail, string rule, Exception exception, bool blocks, bool observed)
    {
        GuardrailTelemetry.Failed(logger, rule, rail, exception.GetType().Name, blocks && !observed && !observe ? "was not let through" : "was let through");
        Add(new(rail, blocks ? RailVerdict.Block : RailVerdict.Flag, rule, observed) { Evaluated = false, Reason = GuardrailTelemetry.NotEvaluated });
    }

    private static double Sureness(DetectionScore score) => score switch
    {
        DetectionScore.High => 0.9,
        DetectionScore.Medium => 0.6,
        _ => 0.3,
    };

    /// <summary>Records what was found since the last time, the findings of one rule together.</summary>
    public void Record()
    {
        List<RailFinding>? found;
        lock (_lock)
            (found, _found) = (_found, null);
        if (found is null)
            return;
        foreach (var group in found.GroupBy(finding => (finding.Rail, finding.Verdict, finding.Rule, finding.Observed, finding.Evaluated)))
        {
            var (rail, verdict, rule, observed, evaluated) = group.Key;
            var spans = group.SelectMany(finding => finding.Spans).ToList();
            GuardrailTelemetry.Record(call, draftTelemetry, new GuardrailStep(rail, verdict, rule, Math.Max(group.Count(), spans.Count))
            {
                Observed = observed || observe,
                Evaluated = evaluated,
                Score = group.Max(finding => finding.Score),
                Detail = group.Select(finding => finding.Reason).FirstOrDefault(reason => reason is not null),
                Spans = spans.Count > MostSpans ? spans[..MostSpans] : spans,
            });
        }
    }
}
