namespace LlmKit;

/// <summary>How a guard looks at an answer that streams.</summary>
public enum GuardStreaming
{
    /// <summary>The answer is held back until it is whole and evaluated: nothing leaks, and the first word comes as late as the last. The default.</summary>
    Whole = 0,

    /// <summary>The answer is held back, evaluated and released by windows, see <see cref="GuardOptions.WindowLength"/>: what only a longer text gives away is seen too late.</summary>
    Window,

    /// <summary>The answer is shown at once and evaluated meanwhile, by windows; a block cuts it off. What was shown before has leaked, and nothing can be redacted or rewritten.</summary>
    Beside,
}
