namespace LlmKit.Execution.Resilience;

/// <summary>How a model's circuit stands.</summary>
public enum CircuitState
{
    /// <summary>Attempts pass and are counted.</summary>
    Closed = 0,

    /// <summary>The break is over and probes are under way; other attempts are refused.</summary>
    HalfOpen,

    /// <summary>Attempts are refused.</summary>
    Open,
}
