namespace LlmKit;

/// <summary>How a router chooses among the models that may and can take a request.</summary>
public enum RoutingStrategy
{
    /// <summary>In the declared order; the next when one fails. The default.</summary>
    Priority = 0,

    /// <summary>Drawn by weight; when one fails or may not be used, the next is drawn by weight among the others.</summary>
    Weighted,

    /// <summary>A draft by each model in order until one is accepted; the last one's answer is final.</summary>
    Cascade,
}
