namespace LlmKit.Observability.Traces;

/// <summary>How a report of traces is written.</summary>
public sealed class HtmlTraceReportOptions
{
    /// <summary>Gets or sets the title.</summary>
    /// <value><c>LLM traces</c> by default.</value>
    public string Title { get; set; } = "LLM traces";

    /// <summary>Gets or sets the most bytes that the traces may take. A record that does not fit any more is left out whole, and the page says how many were.</summary>
    /// <value>1,000 or more; 50 MB by default.</value>
    public long MaxBytes { get; set; } = 50_000_000;
}
