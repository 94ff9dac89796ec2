using LlmKit.Text;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>A detector with a bug.</summary>
internal sealed class ThrowingDetector : ISpanDetector
{
    public string Name => "throwing";

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits) => throw new InvalidOperationException("broken");

    public int EarliestOpen(ReadOnlySpan<char> text, int from) => throw new InvalidOperationException("broken");
}
