namespace LlmKit;

/// <summary>What a limit does with an attempt whose worst case it does not afford.</summary>
public enum AtLimit
{
    /// <summary>Refuses it. A router tries the models that still fit, which is how a call is downgraded to a cheaper one. The default.</summary>
    Refuse = 0,

    /// <summary>Lowers its <c>MaxOutputTokens</c> to what is left, also where the caller named them; refuses it below 16 tokens. An answer cut so is marked and not cached.</summary>
    Shrink,

    /// <summary>Shrinks it, and sends the last round of a tool loop that still fits without tools, so that the loop ends with an answer.</summary>
    FinishWithoutTools,

    /// <summary>Waits until it fits, as long as the call's deadline allows; refuses it at once where that comes sooner than the next window.</summary>
    Wait,
}
