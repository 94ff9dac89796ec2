namespace LlmKit;

/// <summary>How urgent a call is where calls must wait for each other.</summary>
public enum LlmPriority
{
    /// <summary>Work that nobody waits for.</summary>
    Background = -1,

    /// <summary>The default.</summary>
    Normal = 0,

    /// <summary>A person is waiting.</summary>
    Interactive = 1,
}
