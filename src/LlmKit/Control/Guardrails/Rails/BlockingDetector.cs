using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>Marks the hits of a detector as blocking, so that one pass, and one hold-back of a stream, serves all rules.</summary>
internal sealed class BlockingDetector(ISpanDetector detector) : ISpanDetector
{
    private const string Mark = "block:";

    public string Name => detector.Name;

    public static bool IsBlocking(string rule) => rule.StartsWith(Mark, StringComparison.Ordinal);

    public static string NameOf(string rule) => IsBlocking(rule) ? rule[Mark.Length..] : rule;

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var own = new TextHitCollector(DetectionScore.Low);
        detector.Scan(text, from, ref own);
        if (own.Hits is not { } found)
            return;
        foreach (var hit in found)
            hits.Add(hit with { Rule = Mark + hit.Rule });
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from) => detector.EarliestOpen(text, from);
}
