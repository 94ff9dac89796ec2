namespace LlmKit.Observability.Traces;

/// <summary>What a trace record is about.</summary>
public enum TraceKind
{
    /// <summary>A request to a pipeline or a model, and its answer.</summary>
    Chat = 0,

    /// <summary>Texts turned into vectors.</summary>
    Embeddings,

    /// <summary>A search for documents.</summary>
    Retrieval,

    /// <summary>A tool that was run.</summary>
    Tool,

    /// <summary>A run of an agent.</summary>
    Agent,

    /// <summary>A run of a workflow.</summary>
    Workflow,

    /// <summary>Another operation, such as a request over HTTP.</summary>
    Other,
}
