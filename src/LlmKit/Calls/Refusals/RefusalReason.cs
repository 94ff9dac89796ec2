namespace LlmKit;

/// <summary>Why LlmKit itself did not let an attempt be made.</summary>
public enum RefusalReason
{
    /// <summary>The money or tokens of a budget do not suffice.</summary>
    Budget = 0,

    /// <summary>A rate or concurrency limit is reached.</summary>
    Limit,

    /// <summary>The model's circuit is open.</summary>
    CircuitOpen,

    /// <summary>The model may not or cannot take this request: not allowed, excluded, too small a window, a missing capability.</summary>
    Gate,
}
