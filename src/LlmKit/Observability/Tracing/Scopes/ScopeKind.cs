namespace LlmKit.Observability.Tracing;

/// <summary>What a scope stands for.</summary>
internal enum ScopeKind
{
    Agent,
    Workflow,
    Retrieval,
    Plan,
}
