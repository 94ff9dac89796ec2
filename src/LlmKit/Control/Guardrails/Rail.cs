namespace LlmKit;

/// <summary>Where a rule looks.</summary>
[Flags]
public enum Rail
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>At what goes to the model: messages, tool results, the arguments of earlier tool calls.</summary>
    Input = 1,

    /// <summary>At what the model answers, also when the answer comes from a cache.</summary>
    Output = 2,

    /// <summary>At both.</summary>
    Both = Input | Output,
}
