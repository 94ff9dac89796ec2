namespace LlmKit.Control.Variability.Probing;

/// <summary>One answer to a request of a probe. Its text is let go of with the report.</summary>
internal sealed record ProbedAnswer(string Text, string? Value, string? ModelId, decimal Cost);
