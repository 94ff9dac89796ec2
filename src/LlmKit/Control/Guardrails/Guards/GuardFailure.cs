namespace LlmKit;

/// <summary>What happens to a text that a guard could not evaluate.</summary>
public enum GuardFailure
{
    /// <summary>It does not pass. The default.</summary>
    Block = 0,

    /// <summary>It passes, recorded as not evaluated.</summary>
    Allow,
}
