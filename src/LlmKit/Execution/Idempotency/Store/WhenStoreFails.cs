namespace LlmKit;

/// <summary>What happens to a call with an idempotency key when the store cannot say whether it was made before.</summary>
public enum WhenStoreFails
{
    /// <summary>The call is made, perhaps for the second time, and recorded as not evaluated. The default.</summary>
    Proceed = 0,

    /// <summary>The call fails: better none than two.</summary>
    Refuse,
}
