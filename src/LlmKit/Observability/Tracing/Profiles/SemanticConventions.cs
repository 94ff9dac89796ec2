namespace LlmKit;

/// <summary>A version of the OpenTelemetry GenAI conventions: which names spans, events and metrics have.</summary>
public enum SemanticConventions
{
    /// <summary>The conventions as released in v1.41, which dashboards and vendors read today.</summary>
    Version141,

    /// <summary>What is to be released next. Names may still change with any release of LlmKit.</summary>
    Next,
}
