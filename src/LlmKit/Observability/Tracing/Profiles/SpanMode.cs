namespace LlmKit;

/// <summary>Whether calls are told to OpenTelemetry.</summary>
public enum SpanMode
{
    /// <summary>Spans, events and metrics of the conventions, where anybody listens.</summary>
    Full,

    /// <summary>No spans, events or metrics of the conventions: for pipelines that another decorator reports already, such as an OpenTelemetryChatClient. LlmKit's own metrics and its trace store go on.</summary>
    StoreOnly,
}
