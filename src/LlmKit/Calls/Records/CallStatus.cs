namespace LlmKit.Calls;

/// <summary>How a call stands or ended.</summary>
public enum CallStatus
{
    /// <summary>Still running.</summary>
    Open = 0,

    /// <summary>An answer was delivered whole.</summary>
    Completed,

    /// <summary>An exception reached the caller.</summary>
    Failed,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The caller stopped reading a stream before its end.</summary>
    Abandoned,
}
